import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GpuKind } from "../../../../components/demand.ts";
import { computes, GPUS, type Precision } from "../../../../components/inference/gpu-table.ts";
import { availableGiB, fits, neededGiB, weightsGiB } from "../../../../components/inference/memory.ts";
import { MODELS, modelNamed } from "../../../../components/inference/model-table.ts";
import { GPU_COUNTS, isMisfit, sizeOf, smallestCount, smallestPart } from "../../../../components/inference/sizing.ts";

const KINDS = Object.keys(GPUS) as GpuKind[];
const PRECISIONS: readonly Precision[] = ["bf16", "fp8", "nvfp4"];

const kind = fc.constantFrom(...KINDS);
const precision = fc.constantFrom(...PRECISIONS);
const model = fc.record({
  id: fc.constant("acme/model"),
  billionParameters: fc.double({ min: 0.1, max: 2000, noNaN: true }),
  cacheBytesPerToken: fc.integer({ min: 0, max: 1_000_000 }),
  cacheHeads: fc.constantFrom(1, 2, 4, 8),
  stateMiBPerRequest: fc.integer({ min: 0, max: 1000 }),
  published: fc.constant([]),
  source: fc.constant("generated"),
});

describe("arithmetic", () => {
  test("what fits into a GPU fits into any with more memory", () => {
    fc.assert(
      fc.property(
        model,
        precision,
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.constantFrom(...GPU_COUNTS),
        (some, form, memoryGiB, more, gpus) => {
          fc.pre(fits(some, form, memoryGiB, gpus));
          expect(fits(some, form, memoryGiB + more, gpus)).toBe(true);
        },
      ),
    );
  });

  test("nothing fits whose weights alone are as large as the memory", () => {
    fc.assert(
      fc.property(model, precision, kind, fc.constantFrom(...GPU_COUNTS), (some, form, gpu, gpus) => {
        const memory = GPUS[gpu].memoryGiB * gpus;
        fc.pre(weightsGiB(some, form) >= memory);
        expect(fits(some, form, GPUS[gpu].memoryGiB, gpus)).toBe(false);
      }),
    );
  });

  test("a computed number of GPUs is the smallest: half of it is too small", () => {
    fc.assert(
      fc.property(model, precision, kind, (some, form, gpu) => {
        const count = smallestCount(some, form, gpu);
        if (count === undefined) {
          const none = computes(gpu, form) === "no" || !fits(some, form, GPUS[gpu].memoryGiB, 16);
          expect(none).toBe(true);
          return;
        }
        expect(fits(some, form, GPUS[gpu].memoryGiB, count.gpus)).toBe(true);
        if (count.gpus > 1) expect(fits(some, form, GPUS[gpu].memoryGiB, count.gpus / 2)).toBe(false);
      }),
    );
  });

  test("a larger model never needs fewer GPUs, and never a smaller part", () => {
    fc.assert(
      fc.property(model, fc.double({ min: 1, max: 3, noNaN: true }), precision, kind, (some, factor, form, gpu) => {
        const larger = { ...some, billionParameters: some.billionParameters * factor };
        const [before, after] = [smallestCount(some, form, gpu), smallestCount(larger, form, gpu)];
        expect(after?.gpus ?? 32).toBeGreaterThanOrEqual(before?.gpus ?? 32);
        const [small, large] = [smallestPart(some, form, gpu), smallestPart(larger, form, gpu)];
        expect(large?.memoryGiB ?? 999).toBeGreaterThanOrEqual(small?.memoryGiB ?? 999);
      }),
    );
  });

  test("a GPU gives less than it has, and a part never more than the whole", () => {
    for (const { memoryGiB, mig } of Object.values(GPUS)) {
      expect(availableGiB(memoryGiB, 1)).toBeLessThan(memoryGiB);
      for (const part of mig) expect([part.name, part.memoryGiB * part.perGpu <= memoryGiB]).toEqual([part.name, true]);
    }
  });
});

describe("what is published", () => {
  const published = MODELS.flatMap((known) => known.published.map((entry) => ({ known, ...entry })));

  test.each(published)("the arithmetic does not refuse $known.id in $precision on $gpus x $gpu", (entry) => {
    expect(neededGiB(entry.known, entry.precision, entry.gpus)).toBeLessThanOrEqual(
      availableGiB(GPUS[entry.gpu].memoryGiB, entry.gpus),
    );
  });

  test.each(published)("$known.id in $precision on $gpu takes the published $gpus", (entry) => {
    const wanted = { model: entry.known.id, precision: entry.precision, gpu: entry.gpu };
    expect(sizeOf(wanted)).toMatchObject({ gpus: entry.gpus, basis: "published" });
  });

  test("every number names where it was read", () => {
    for (const { source } of [...MODELS, ...Object.values(GPUS), ...published]) expect(source).not.toBe("");
  });
});

describe("what settings ask for", () => {
  test.each([
    ["nvidia/nemotron-3-nano-30b-a3b", "bf16", "h100", 1],
    ["nvidia/nemotron-3-nano-30b-a3b", "fp8", "l40s", 1],
    ["Qwen/Qwen3-32B", "bf16", "h100", 2],
    ["deepseek-ai/DeepSeek-V3", "fp8", "h200", 8],
    ["deepseek-ai/DeepSeek-V3", "fp8", "h100", 16],
  ] as const)("%s in %s on %s takes %i", (id, form, gpu, gpus) => {
    expect(sizeOf({ model: id, precision: form, gpu })).toMatchObject({ gpus, basis: "computed" });
  });

  test("Nano in 8 bits fits into half of an H100 and not into a quarter", () => {
    const nano = { model: "nvidia/nemotron-3-nano-30b-a3b", precision: "fp8", gpu: "h100" } as const;
    expect(sizeOf({ ...nano, migProfile: "3g.40gb" })).toMatchObject({ gpus: 1, part: { name: "3g.40gb", perGpu: 2 } });
    expect(sizeOf({ ...nano, migProfile: "2g.20gb" })).toMatchObject({
      field: "mig_profile",
      remedy: "nearest that fits: mig_profile 3g.40gb of h100",
    });
  });

  test("a model that does not fit is refused with the nearest that does", () => {
    const ultra = { model: "nvidia/nemotron-3-ultra-550b-a55b", precision: "bf16" } as const;
    expect(sizeOf({ ...ultra, gpu: "h200", gpus: 4 })).toMatchObject({
      field: "gpus",
      remedy: "nearest that fits: 8 x h200 in bf16",
    });
    expect(sizeOf({ ...ultra, gpu: "l40s" })).toMatchObject({
      field: "gpu",
      remedy: "nearest that fits: 16 x l40s in fp8, or 8 x h200 in bf16",
    });
  });

  test("a precision that the hardware does not compute with is refused, however much memory there is", () => {
    expect(sizeOf({ model: "Qwen/Qwen3-32B", precision: "nvfp4", gpu: "a100-80", gpus: 8 })).toMatchObject({
      field: "precision",
      remedy: "nearest that fits: 1 x a100-80 in fp8, or 1 x h100 in nvfp4",
    });
  });

  test("weights of 4 bits are in hardware on Blackwell only, and smaller on Hopper", () => {
    expect(KINDS.filter((gpu) => computes(gpu, "nvfp4") === "native")).toEqual(["b200"]);
    expect(KINDS.filter((gpu) => computes(gpu, "nvfp4") === "weight-only")).toEqual(["h20", "h100", "h200"]);
  });

  test("parts of GPUs do not work together, and a GPU that cannot be cut has none", () => {
    const nano = { model: "nvidia/nemotron-3-nano-30b-a3b", precision: "fp8" } as const;
    expect(sizeOf({ ...nano, gpu: "h100", gpus: 2, migProfile: "3g.40gb" })).toMatchObject({ field: "gpus" });
    expect(sizeOf({ ...nano, gpu: "l40s", migProfile: "3g.40gb" })).toMatchObject({
      field: "mig_profile",
      expected: "none, because l40s cannot be cut",
      remedy: "nearest that fits: 1 x l40s in fp8",
    });
  });

  test("numbers of GPUs that tensor parallelism cannot use are refused", () => {
    expect(sizeOf({ model: "Qwen/Qwen3-32B", precision: "fp8", gpu: "h100", gpus: 3 })).toMatchObject({
      field: "gpus",
      expected: "1, 2, 4, 8, 16",
    });
  });
});

describe("names", () => {
  test("letters' case does not matter", () => {
    expect(modelNamed("QWEN/qwen3-32b")?.id).toBe("Qwen/Qwen3-32B");
  });

  test.each([
    ["acme/tuned-70b-instruct", 70],
    ["acme/mixture-8x7b-47B", 47],
    ["acme/small-1.5b", 1.5],
  ])("of %s the name says %s thousand million parameters", (id, billions) => {
    const size = sizeOf({ model: id, precision: "fp8", gpu: "h200" });
    expect(isMisfit(size)).toBe(false);
    expect(modelNamed(id)?.billionParameters).toBeCloseTo(billions * 1.06);
  });

  test.each(["acme/our-model", "acme/model-v2", "acme/grab-it"])(
    "%s is refused, because nothing says how large it is",
    (id) => {
      expect(sizeOf({ model: id, precision: "fp8", gpu: "h100" })).toMatchObject({ field: "model" });
    },
  );
});
