import type { GpuKind } from "../demand.ts";

/** Forms of weights, as settings name them. */
export type Precision = "bf16" | "fp8" | "nvfp4";

/**
 * What a GPU does with weights of a precision. `weight-only`: they are small in memory and are computed with in a larger
 * format, so that they save memory and no time.
 */
export type Computes = "native" | "weight-only" | "no";

/** A part of a GPU with memory, caches and compute of its own. */
export interface MigProfile {
  readonly name: string;
  readonly memoryGiB: number;
  /** How many of it one GPU is cut into. */
  readonly perGpu: number;
}

/** One kind of GPU, as far as models are placed by it. */
export interface Gpu {
  /** What the driver reports as total memory; less than what the product's name says. */
  readonly memoryGiB: number;
  readonly architecture: "ampere" | "ada" | "hopper" | "blackwell";
  /** Empty where the GPU cannot be cut. */
  readonly mig: readonly MigProfile[];
  /** Where the numbers were read, with the day. */
  readonly source: string;
}

/**
 * What each architecture computes. FP8 by docs.vllm.ai/en/v0.32.0/features/quantization (Ada, Hopper and Blackwell in
 * hardware, Ampere weight-only); NVFP4 in hardware on Blackwell, weight-only on Hopper, where NVIDIA's guides run NVFP4
 * checkpoints (TensorRT-LLM guide of Nemotron 3 Super; NIM 2.0.6 day-0 support matrix). Read 2026-11-24. For NVFP4 on
 * older ones no publisher was found that says so: refused.
 */
export const COMPUTES: Readonly<Record<Gpu["architecture"], Readonly<Record<Precision, Computes>>>> = {
  ampere: { bf16: "native", fp8: "weight-only", nvfp4: "no" },
  ada: { bf16: "native", fp8: "native", nvfp4: "no" },
  hopper: { bf16: "native", fp8: "native", nvfp4: "weight-only" },
  blackwell: { bf16: "native", fp8: "native", nvfp4: "native" },
};

const MEMORY = "nvidia-smi memory.total in published logs";
const PROFILES = "names and counts: NVIDIA/mig-parted config-default.yaml 14007872";
const READ = "2026-11-24";

/** Memory of 80 GB parts as `nvidia-smi mig -lgip` prints it on A100 80 GB and H100, the smaller of the two. */
const PARTS_OF_80_GB: readonly MigProfile[] = [
  { name: "1g.10gb", memoryGiB: 9.5, perGpu: 7 },
  { name: "1g.20gb", memoryGiB: 19.5, perGpu: 4 },
  { name: "2g.20gb", memoryGiB: 19.5, perGpu: 3 },
  { name: "3g.40gb", memoryGiB: 39.25, perGpu: 2 },
  { name: "4g.40gb", memoryGiB: 39.25, perGpu: 1 },
  { name: "7g.80gb", memoryGiB: 79, perGpu: 1 },
];

/**
 * Memory of parts of GPUs whose list was not found: their eighths of the whole, less a tenth. On H200 the smallest is
 * known to be 16.00 GiB, and this gives 15.8.
 */
function parts(memoryGiB: number, profiles: Readonly<Record<string, readonly [eighths: number, perGpu: number]>>) {
  return Object.entries(profiles).map(([name, [eighths, perGpu]]) => ({
    name,
    memoryGiB: Math.floor(memoryGiB * (eighths / 8) * 0.9 * 10) / 10,
    perGpu,
  }));
}

/** The kinds of GPU that settings can name. */
export const GPUS: Readonly<Record<GpuKind, Gpu>> = {
  a10g: { memoryGiB: 22.4, architecture: "ampere", mig: [], source: `${MEMORY}: 23028 MiB, ${READ}` },
  l4: { memoryGiB: 22.4, architecture: "ada", mig: [], source: `${MEMORY}: 23034 MiB, ${READ}` },
  l20: { memoryGiB: 44.9, architecture: "ada", mig: [], source: `${MEMORY}: 46068 MiB, ${READ}` },
  l40s: { memoryGiB: 44.9, architecture: "ada", mig: [], source: `${MEMORY}: 46068 MiB, ${READ}` },
  "a100-40": {
    memoryGiB: 40,
    architecture: "ampere",
    mig: parts(40, {
      "1g.5gb": [1, 7],
      "1g.10gb": [2, 4],
      "2g.10gb": [2, 3],
      "3g.20gb": [4, 2],
      "4g.20gb": [4, 1],
      "7g.40gb": [8, 1],
    }),
    source: `${MEMORY}: 40960 MiB; ${PROFILES}, ${READ}`,
  },
  "a100-80": {
    memoryGiB: 80,
    architecture: "ampere",
    mig: PARTS_OF_80_GB,
    source: `${MEMORY}: 81920 MiB; ${PROFILES}, ${READ}`,
  },
  h20: {
    memoryGiB: 95.5,
    architecture: "hopper",
    mig: parts(95.5, {
      "1g.12gb": [1, 7],
      "1g.24gb": [2, 4],
      "2g.24gb": [2, 3],
      "3g.48gb": [4, 2],
      "4g.48gb": [4, 1],
      "7g.96gb": [8, 1],
    }),
    source: `${MEMORY}: 97871 MiB; ${PROFILES}, ${READ}`,
  },
  h100: {
    memoryGiB: 79.6,
    architecture: "hopper",
    mig: PARTS_OF_80_GB,
    source: `${MEMORY}: 81559 MiB; ${PROFILES}, ${READ}`,
  },
  h200: {
    memoryGiB: 140.4,
    architecture: "hopper",
    mig: parts(140.4, {
      "1g.18gb": [1, 7],
      "1g.35gb": [2, 4],
      "2g.35gb": [2, 3],
      "3g.71gb": [4, 2],
      "4g.71gb": [4, 1],
      "7g.141gb": [8, 1],
    }),
    source: `${MEMORY}: 143771 MiB; ${PROFILES}, ${READ}`,
  },
  b200: {
    memoryGiB: 179,
    architecture: "blackwell",
    mig: parts(179, {
      "1g.23gb": [1, 7],
      "1g.45gb": [2, 4],
      "2g.45gb": [2, 3],
      "3g.90gb": [4, 2],
      "4g.90gb": [4, 1],
      "7g.180gb": [8, 1],
    }),
    source: `${MEMORY}: 183359 MiB; ${PROFILES}, ${READ}`,
  },
};

/** Kinds in the order of their memory, the smaller first. */
export const GPU_KINDS_BY_MEMORY: readonly GpuKind[] = (Object.keys(GPUS) as GpuKind[]).sort(
  (a, b) => GPUS[a].memoryGiB - GPUS[b].memoryGiB || (a < b ? -1 : 1),
);

/** What the hardware of a kind does with weights of a precision. */
export function computes(kind: GpuKind, precision: Precision): Computes {
  return COMPUTES[GPUS[kind].architecture][precision];
}
