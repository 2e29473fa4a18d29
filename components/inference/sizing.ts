import type { GpuKind } from "../demand.ts";
import { computes, GPU_KINDS_BY_MEMORY, GPUS, type MigProfile, type Precision } from "./gpu-table.ts";
import { availableGiB, fits, neededGiB } from "./memory.ts";
import { type Model, modelNamed } from "./model-table.ts";

/** Numbers of GPUs that one replica is spread over; tensor parallelism wants powers of two. */
export const GPU_COUNTS = [1, 2, 4, 8, 16] as const;

/** GPUs of the largest machine; more means two machines. */
export const GPUS_PER_MACHINE = 8;

/** A number of GPUs and who says that it is enough. */
export interface Count {
  readonly gpus: number;
  readonly basis: "published" | "computed";
}

/** The smallest number of GPUs of a kind that a model runs on: as published, else as computed. */
export function smallestCount(model: Model, precision: Precision, kind: GpuKind): Count | undefined {
  if (computes(kind, precision) === "no") return undefined;
  const published = model.published.find((entry) => entry.precision === precision && entry.gpu === kind);
  if (published !== undefined) return { gpus: published.gpus, basis: "published" };
  const gpus = GPU_COUNTS.find((count) => fits(model, precision, GPUS[kind].memoryGiB, count));
  return gpus === undefined ? undefined : { gpus, basis: "computed" };
}

/** The smallest part of a GPU that a model fits into. */
export function smallestPart(model: Model, precision: Precision, kind: GpuKind): MigProfile | undefined {
  if (computes(kind, precision) === "no") return undefined;
  const bySize = [...GPUS[kind].mig].sort((a, b) => a.memoryGiB - b.memoryGiB || b.perGpu - a.perGpu);
  return bySize.find(({ memoryGiB }) => fits(model, precision, memoryGiB, 1));
}

/** What an environment asks of a model's place. */
export interface Wanted {
  readonly model: string;
  readonly precision: Precision;
  readonly gpu: GpuKind;
  readonly gpus?: number | undefined;
  readonly migProfile?: string | undefined;
}

/** Where a model goes. */
export interface Fit extends Count {
  readonly model: Model;
  /** The part of a GPU instead of whole ones. */
  readonly part: MigProfile | undefined;
  readonly neededGiB: number;
  readonly availableGiB: number;
}

/** Why a model goes nowhere, in the words of a problem; `field` is the setting that is wrong. */
export interface Misfit {
  readonly field: "model" | "precision" | "gpu" | "gpus" | "mig_profile";
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
}

/** Where a model goes, or why it does not. */
export function sizeOf(wanted: Wanted): Fit | Misfit {
  const model = modelNamed(wanted.model);
  if (model === undefined) {
    return {
      field: "model",
      got: `${JSON.stringify(wanted.model)}, of which neither the table nor the name says how large it is`,
      expected:
        'a model of components/inference/model-table.ts, or a name with its parameters such as "acme/tuned-32b"',
      remedy: "name it so, or add it to the table with its source",
    };
  }
  if (computes(wanted.gpu, wanted.precision) === "no") return notComputed(model, wanted);
  return wanted.migProfile === undefined ? onWholeGpus(model, wanted) : onPart(model, wanted, wanted.migProfile);
}

/** Tells a place from a reason. */
export function isMisfit(size: Fit | Misfit): size is Misfit {
  return "field" in size;
}

function notComputed(model: Model, { gpu, precision }: Wanted): Misfit {
  return {
    field: "precision",
    got: `${precision} on ${gpu}, an ${GPUS[gpu].architecture} GPU that does not compute with it`,
    expected: `a precision that it computes with, or another GPU`,
    remedy: `nearest that fits: ${nearest(model, precision, gpu)}`,
  };
}

function onWholeGpus(model: Model, { gpu, precision, gpus }: Wanted): Fit | Misfit {
  const smallest = smallestCount(model, precision, gpu);
  const count: Count | undefined = gpus === undefined ? smallest : { gpus, basis: basisOf(gpus, smallest) };
  const tried = count?.gpus ?? Math.max(...GPU_COUNTS);
  const { memoryGiB } = GPUS[gpu];
  const need = neededGiB(model, precision, tried);
  const available = availableGiB(memoryGiB, tried);
  if (count === undefined || need > available) {
    return {
      field: gpus === undefined ? "gpu" : "gpus",
      got: `${tried} x ${gpu}: ${model.id} in ${precision} needs ${round(need)} GiB and gets ${round(available)} GiB`,
      expected: "GPUs that hold the weights and 4 requests of 16 Ki tokens",
      remedy: `nearest that fits: ${nearest(model, precision, gpu)}`,
    };
  }
  if (!GPU_COUNTS.some((allowed) => allowed === count.gpus)) {
    return {
      field: "gpus",
      got: String(count.gpus),
      expected: GPU_COUNTS.join(", "),
      remedy: `choose one of them; the smallest that fits is ${smallest?.gpus ?? "none"}`,
    };
  }
  return { ...count, model, part: undefined, neededGiB: need, availableGiB: available };
}

function basisOf(gpus: number, smallest: Count | undefined): Count["basis"] {
  return smallest !== undefined && smallest.basis === "published" && gpus >= smallest.gpus ? "published" : "computed";
}

/** Parts of different GPUs do not work together: one part is one replica. */
function onPart(model: Model, { gpu, precision, gpus }: Wanted, name: string): Fit | Misfit {
  const { mig } = GPUS[gpu];
  const part = mig.find((profile) => profile.name === name);
  if (part === undefined) {
    return {
      field: "mig_profile",
      got: name,
      expected: mig.length === 0 ? `none, because ${gpu} cannot be cut` : mig.map((profile) => profile.name).join(", "),
      remedy: `nearest that fits: ${nearestPart(model, precision, gpu)}`,
    };
  }
  if (gpus !== undefined && gpus !== 1) {
    return {
      field: "gpus",
      got: `${gpus} with mig_profile ${name}`,
      expected: "1, because parts of GPUs do not work together on one model",
      remedy: "leave gpus out, or leave mig_profile out for whole GPUs",
    };
  }
  const need = neededGiB(model, precision, 1);
  const available = availableGiB(part.memoryGiB, 1);
  if (need > available) {
    return {
      field: "mig_profile",
      got: `${name} of ${gpu}: ${model.id} in ${precision} needs ${round(need)} GiB and gets ${round(available)} GiB`,
      expected: "a part that holds the weights and 4 requests of 16 Ki tokens",
      remedy: `nearest that fits: ${nearestPart(model, precision, gpu)}`,
    };
  }
  return { gpus: 1, basis: "computed", model, part, neededGiB: need, availableGiB: available };
}

function nearestPart(model: Model, precision: Precision, kind: GpuKind): string {
  const part = smallestPart(model, precision, kind);
  return part === undefined ? nearest(model, precision, kind) : `mig_profile ${part.name} of ${kind}`;
}

const SMALLER: Readonly<Record<Precision, readonly Precision[]>> = {
  bf16: ["fp8", "nvfp4"],
  fp8: ["nvfp4", "bf16"],
  nvfp4: ["fp8", "bf16"],
};

/** More of the same GPU; then another precision on it; then the same precision on another kind. */
function nearest(model: Model, precision: Precision, kind: GpuKind): string {
  const same = smallestCount(model, precision, kind);
  if (same !== undefined) return `${same.gpus} x ${kind} in ${precision}`;
  const otherPrecision = SMALLER[precision].flatMap((other) => {
    const count = smallestCount(model, other, kind);
    return count === undefined ? [] : [`${count.gpus} x ${kind} in ${other}`];
  })[0];
  const otherKind = GPU_KINDS_BY_MEMORY.flatMap((other) => {
    const count = smallestCount(model, precision, other);
    return count === undefined || count.gpus > GPUS_PER_MACHINE ? [] : [`${count.gpus} x ${other} in ${precision}`];
  })[0];
  return (
    [otherPrecision, otherKind].filter((text) => text !== undefined).join(", or ") || "none; choose a smaller model"
  );
}

function round(gib: number): string {
  return gib.toFixed(1);
}
