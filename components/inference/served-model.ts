import type { GpuKind } from "../demand.ts";
import type { MigProfile, Precision } from "./gpu-table.ts";

/** Namespace of all model servers. */
export const INFERENCE_NAMESPACE = "inference";

/** Port of every model server, inside the cluster. */
export const MODEL_PORT = 8000;

/** Value of the label `app` on pods that fetch weights for vLLM; those of the NIM operator have its own. */
export const MODEL_MIRROR_APP = "model-mirror";

/** Where weights come from: NVIDIA's registry, or a mirror by its https address. */
export type ModelSource = { readonly kind: "ngc" } | { readonly kind: "mirror"; readonly url: string };

/** One model that is served, sized and checked. */
export interface ServedModel {
  /** Name of its Service; a provider's address holds it. */
  readonly name: string;
  readonly engine: "nim" | "vllm";
  /** As its publisher names it; also the name that requests ask for. */
  readonly model: string;
  readonly precision: Precision;
  readonly gpu: GpuKind;
  /** GPUs of one replica; 1 with a part. */
  readonly gpus: number;
  readonly part: MigProfile | undefined;
  readonly replicas: number;
  /** Reference by digest. */
  readonly image: string;
  readonly source: ModelSource;
  readonly weightsGiB: number;
}

/** Labels of every object of a model. */
export function modelLabels(name: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/component": "model-server",
    "app.kubernetes.io/part-of": "breakwater",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** Size of the volume that holds a model's weights: them, the runtime's caches, and room for the next version. */
export function volumeGiB({ weightsGiB }: Pick<ServedModel, "weightsGiB">): number {
  return Math.ceil((weightsGiB * 2 + 10) / 10) * 10;
}

/** Node memory that a replica asks for, in GiB: weights pass through it on their way to the GPUs. */
export function memoryGiB({ gpus }: Pick<ServedModel, "gpus">): number {
  return 12 * gpus;
}

/** Nothing is looked up or reported outside: weights are on a volume. */
export const OFFLINE: Readonly<Record<string, string>> = {
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  HF_HUB_DISABLE_TELEMETRY: "1",
  VLLM_NO_USAGE_STATS: "1",
  DO_NOT_TRACK: "1",
};
