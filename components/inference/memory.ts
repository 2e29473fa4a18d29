import type { Precision } from "./gpu-table.ts";
import { BYTES_PER_PARAMETER, type Model } from "./model-table.ts";

/** Share of a GPU's memory that a server takes; it is what vLLM is told. */
export const MEMORY_SHARE = 0.95;

/** What CUDA, its graphs and the largest activations take of every GPU or part of one. */
const OVERHEAD_GIB = 1.5;

/** The least that a server for agents must remember at once: 4 requests of 16 Ki tokens each. */
const REQUESTS = 4;
const TOKENS = 65_536;

const GIB = 2 ** 30;

/** Memory of a model's weights in a precision. */
export function weightsGiB(model: Model, precision: Precision): number {
  const bytes = model.bytesPerParameter?.[precision] ?? BYTES_PER_PARAMETER[precision];
  return (model.billionParameters * 1e9 * bytes) / GIB;
}

/** Memory that a model needs on that many GPUs together: weights, and what the least number of requests leaves behind. */
export function neededGiB(model: Model, precision: Precision, gpus: number): number {
  const copies = Math.max(1, gpus / model.cacheHeads);
  const cache = (TOKENS * model.cacheBytesPerToken * copies) / GIB;
  return weightsGiB(model, precision) + cache + (REQUESTS * model.stateMiBPerRequest) / 1024;
}

/** Memory that a server gets of that many GPUs, or parts of one, of that size. */
export function availableGiB(memoryGiB: number, gpus: number): number {
  return Math.max(0, gpus * (memoryGiB * MEMORY_SHARE - OVERHEAD_GIB));
}

/** Whether a model in a precision fits; what the hardware computes is another question. */
export function fits(model: Model, precision: Precision, memoryGiB: number, gpus: number): boolean {
  return neededGiB(model, precision, gpus) <= availableGiB(memoryGiB, gpus);
}
