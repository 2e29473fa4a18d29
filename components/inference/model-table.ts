import type { GpuKind } from "../demand.ts";
import type { Precision } from "./gpu-table.ts";

/** A number of GPUs that the model's publisher or a measurement says it runs on. */
export interface Published {
  readonly precision: Precision;
  readonly gpu: GpuKind;
  readonly gpus: number;
  readonly source: string;
}

/** A model, as far as it takes memory. */
export interface Model {
  /** As its publisher names it. */
  readonly id: string;
  /** All parameters, those of layers that only draft included, in thousand millions. */
  readonly billionParameters: number;
  /** What the attention layers remember of one token, in 16-bit. */
  readonly cacheBytesPerToken: number;
  /** Heads that share that memory out; more GPUs than heads hold copies of it. */
  readonly cacheHeads: number;
  /** What the recurrent layers remember of one request, however long it is. */
  readonly stateMiBPerRequest: number;
  /** Bytes of one parameter on average, where a checkpoint is known to differ from {@link BYTES_PER_PARAMETER}. */
  readonly bytesPerParameter?: Partial<Readonly<Record<Precision, number>>>;
  readonly published: readonly Published[];
  /** Where the numbers were read, with the day; what is assumed says so. */
  readonly source: string;
}

/**
 * Bytes of a parameter: 16 bits; 8 bits and scales, with 4 % for layers that stay in 16; 4 bits and a scale of 8 for
 * every 16 of them, with what stays in 16.
 */
export const BYTES_PER_PARAMETER: Readonly<Record<Precision, number>> = { bf16: 2, fp8: 1.04, nvfp4: 0.57 };

/**
 * Of the hybrid models more stays in 8 and 16 bits: the NVFP4 checkpoint of Super has 67.2 thousand million elements for
 * 123.6 thousand million parameters, of which 112.8 then are in 4 bits (llmrun.dev, read 2026-11-24).
 */
const HYBRID = { nvfp4: 0.68 };

const TENSORRT = "TensorRT-LLM guide of Nemotron 3 Super, read 2026-11-23";
const LAMBDA = "measured by lambda.ai, read 2026-11-24";
const DAY_0 = "NIM 2.0.6 day-0 support matrix, read 2026-11-24";

/** What is known of models by name. Any other is sized by the number of parameters in its name. */
export const MODELS: readonly Model[] = [
  {
    id: "nvidia/nemotron-3-nano-30b-a3b",
    billionParameters: 31.6,
    cacheBytesPerToken: 6144,
    cacheHeads: 2,
    stateMiBPerRequest: 46,
    bytesPerParameter: HYBRID,
    published: [],
    source:
      "config.json: 6 attention layers of 2 heads of 128, 23 Mamba layers of 64 x 64 x 128 in fp32; read 2026-11-24",
  },
  {
    id: "nvidia/nemotron-3.5-lightning-30b-a3b",
    billionParameters: 31.6,
    cacheBytesPerToken: 6144,
    cacheHeads: 2,
    stateMiBPerRequest: 46,
    bytesPerParameter: HYBRID,
    published: [],
    source: "assumed to be as large as Nano 30B-A3B; its config.json was not found",
  },
  {
    id: "nvidia/nemotron-3-super-120b-a12b",
    billionParameters: 123.6,
    cacheBytesPerToken: 8192,
    cacheHeads: 2,
    stateMiBPerRequest: 160,
    bytesPerParameter: HYBRID,
    published: [
      { precision: "nvfp4", gpu: "h100", gpus: 2, source: TENSORRT },
      { precision: "nvfp4", gpu: "h200", gpus: 2, source: TENSORRT },
      { precision: "nvfp4", gpu: "b200", gpus: 1, source: `${TENSORRT}; ${LAMBDA}` },
      { precision: "fp8", gpu: "h100", gpus: 2, source: LAMBDA },
      { precision: "fp8", gpu: "b200", gpus: 2, source: LAMBDA },
      { precision: "bf16", gpu: "a100-80", gpus: 4, source: LAMBDA },
      { precision: "bf16", gpu: "h100", gpus: 4, source: TENSORRT },
      { precision: "bf16", gpu: "h200", gpus: 4, source: TENSORRT },
      { precision: "bf16", gpu: "b200", gpus: 2, source: TENSORRT },
    ],
    source:
      "config.json: 8 attention layers of 2 heads of 128, 40 Mamba layers of 128 x 64 x 128 in fp32; read 2026-11-24",
  },
  {
    id: "nvidia/nemotron-3-ultra-550b-a55b",
    billionParameters: 550,
    cacheBytesPerToken: 16_384,
    cacheHeads: 2,
    stateMiBPerRequest: 400,
    published: [
      { precision: "nvfp4", gpu: "h100", gpus: 8, source: DAY_0 },
      { precision: "nvfp4", gpu: "h200", gpus: 4, source: DAY_0 },
      { precision: "nvfp4", gpu: "b200", gpus: 2, source: DAY_0 },
      { precision: "bf16", gpu: "h100", gpus: 16, source: DAY_0 },
      { precision: "bf16", gpu: "h200", gpus: 8, source: DAY_0 },
      { precision: "bf16", gpu: "b200", gpus: 8, source: DAY_0 },
    ],
    source: "parameters by name; cache and state assumed to be twice those of Super, its config.json was not found",
  },
  {
    id: "Qwen/Qwen3-30B-A3B",
    billionParameters: 30.5,
    cacheBytesPerToken: 98_304,
    cacheHeads: 4,
    stateMiBPerRequest: 0,
    published: [],
    source: "apxml.com: 48 layers of 4 heads of 128; read 2026-11-24",
  },
  {
    id: "Qwen/Qwen3-32B",
    billionParameters: 32.8,
    cacheBytesPerToken: 262_144,
    cacheHeads: 8,
    stateMiBPerRequest: 0,
    published: [],
    source: "model card: 64 layers of 8 heads of 128; from memory, not read again",
  },
  {
    id: "Qwen/Qwen3-235B-A22B",
    billionParameters: 235,
    cacheBytesPerToken: 192_512,
    cacheHeads: 4,
    stateMiBPerRequest: 0,
    published: [],
    source: "model card: 94 layers of 4 heads of 128; from memory, not read again",
  },
  {
    id: "deepseek-ai/DeepSeek-V3",
    billionParameters: 671,
    cacheBytesPerToken: 70_272,
    // The compressed memory belongs to no head: every GPU holds all of it.
    cacheHeads: 1,
    stateMiBPerRequest: 0,
    published: [],
    source: "config_671B.json: 61 layers of 512 + 64 in 16 bits (deepwiki.com); read 2026-11-24",
  },
  {
    id: "meta-llama/Llama-3.3-70B-Instruct",
    billionParameters: 70.6,
    cacheBytesPerToken: 327_680,
    cacheHeads: 8,
    stateMiBPerRequest: 0,
    published: [],
    source: "model card: 80 layers of 8 heads of 128; from memory, not read again",
  },
];

/** Of a model that only its name is known of: a dense one with much to remember, so that it is not sized too small. */
function fromItsName(id: string, billionParameters: number): Model {
  return {
    id,
    billionParameters: billionParameters * 1.06,
    cacheBytesPerToken: 327_680,
    cacheHeads: 8,
    stateMiBPerRequest: 0,
    published: [],
    source: `the name says ${billionParameters} thousand million parameters; the rest is assumed`,
  };
}

/** The model of that name, in any case of letters; undefined where neither the table nor the name says how large it is. */
export function modelNamed(id: string): Model | undefined {
  const known = MODELS.find((model) => model.id.toLowerCase() === id.toLowerCase());
  if (known !== undefined) return known;
  const sizes = [...id.matchAll(/(?<![A-Za-z0-9.])(\d{1,4}(?:\.\d{1,3})?)b(?![a-z0-9])/gi)].map(([, size]) =>
    Number(size),
  );
  return sizes.length === 0 ? undefined : fromItsName(id, Math.max(...sizes));
}
