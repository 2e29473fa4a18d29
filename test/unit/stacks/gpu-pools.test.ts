import type { Settings } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { GPUS } from "../../../components/inference/gpu-table.ts";
import { gpuPools } from "../../../stacks/gpu-pools.ts";

type Served = Settings["inference"]["models"][number];

const nano: Served = {
  name: "nano",
  engine: "vllm",
  model: "nvidia/nemotron-3-nano-30b-a3b",
  precision: "fp8",
  gpu: "h100",
  replicas: 1,
  image: `registry.acme.internal/vllm@sha256:${"0".repeat(64)}`,
  source: "https://registry.acme.internal/models/",
};

const summary = (models: readonly Served[]) =>
  gpuPools(models).map(({ name, gpu, min, max }) => [name, gpu?.perNode, gpu?.migProfile, min, max]);

test("without served models there are no GPUs", () => {
  expect(gpuPools([])).toEqual([]);
});

test("a model without a number of GPUs gets as many as it was sized for", () => {
  const superModel: Served = { ...nano, name: "super", model: "nvidia/nemotron-3-super-120b-a12b" };
  expect(summary([superModel])).toEqual([["gpu-h100", 2, undefined, 0, 1]]);
});

test("small models share the nodes of large ones as far as there is room", () => {
  const superModel: Served = {
    ...nano,
    name: "super",
    model: "nvidia/nemotron-3-super-120b-a12b",
    gpus: 4,
    replicas: 2,
  };
  expect(summary([superModel, { ...nano, replicas: 5 }])).toEqual([["gpu-h100", 4, undefined, 0, 4]]);
});

test("parts have a pool of their own, because the GPUs of a node are cut alike, and as many nodes as parts fill", () => {
  const part: Served = { ...nano, mig_profile: "3g.40gb", replicas: 3 };
  expect(summary([part, nano])).toEqual([
    ["gpu-h100", 1, undefined, 0, 1],
    ["gpu-h100-3g40", 1, "3g.40gb", 0, 2],
  ]);
});

test("names of pools are unique and no longer than 15 characters, for every kind and every part", () => {
  const all = Object.entries(GPUS).flatMap(([gpu, { mig }]) =>
    [undefined, ...mig.map(({ name }) => name)].map((part) => ({
      ...nano,
      model: "acme/tiny-1b",
      gpu: gpu as Served["gpu"],
      ...(part === undefined ? {} : { mig_profile: part }),
    })),
  );
  // 1 thousand million parameters fit into all but the smallest parts, which then count as whole GPUs.
  const names = gpuPools(all).map(({ name }) => name);
  expect(names.filter((name) => name.length > 15)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test("a model that fits nowhere asks for no pool of a size that no machine has: the plan refuses it elsewhere", () => {
  expect(summary([{ ...nano, model: "nvidia/nemotron-3-ultra-550b-a55b", precision: "bf16", gpu: "l4" }])).toEqual([
    ["gpu-l4", 1, undefined, 0, 1],
  ]);
});

test("the nodes of a pool have at least as many GPUs as its models need at once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ gpus: fc.constantFrom(1, 2, 4, 8), replicas: fc.integer({ min: 1, max: 20 }) }), {
        minLength: 1,
      }),
      (wanted) => {
        const pools = gpuPools(wanted.map((sizes, index) => ({ ...nano, name: `m${index}`, ...sizes })));
        const room = pools.reduce((sum, { max, gpu }) => sum + max * (gpu?.perNode ?? 0), 0);
        expect(room).toBeGreaterThanOrEqual(wanted.reduce((sum, { gpus, replicas }) => sum + gpus * replicas, 0));
      },
    ),
  );
});
