import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

export const PRECISIONS = ["bf16", "fp8", "nvfp4"] as const;
export const GPU_KINDS = ["a10g", "l4", "l20", "l40s", "a100-40", "a100-80", "h20", "h100", "h200", "b200"] as const;

/** One model on the company's own GPUs; a provider of model_providers with kind nim or vllm leads to it. */
export const servedModel = z.strictObject({
  name: leaf(
    z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .max(40),
    {
      says: "Name of the service in the cluster; a provider reaches it at http://NAME.inference.svc.cluster.local:8000/v1.",
      enforcer: ENFORCERS.inference,
    },
  ),
  engine: leaf(z.enum(["nim", "vllm"]), {
    says: "nim: NVIDIA NIM by its operator, which needs an NVIDIA AI Enterprise licence in production. vllm: the open-source server.",
    enforcer: ENFORCERS.inference,
  }),
  model: leaf(z.string().min(1).max(200), {
    says: 'Model, as its publisher names it, such as "nvidia/nemotron-3-super-120b-a12b".',
    enforcer: ENFORCERS.gpuFit,
  }),
  precision: leaf(z.enum(PRECISIONS), { says: "Precision of the weights.", enforcer: ENFORCERS.gpuFit }),
  gpu: leaf(z.enum(GPU_KINDS), {
    says: "Kind of GPU, with its memory where there are two.",
    enforcer: ENFORCERS.gpuFit,
  }),
  gpus: leaf(z.number().int().min(1).max(16), {
    says: "GPUs of one replica; left out: the smallest number that the model fits in.",
    unit: "GPUs",
    enforcer: ENFORCERS.gpuFit,
  }).optional(),
  mig_profile: leaf(z.string().regex(/^\dg\.\d{1,3}gb$/), {
    says: "Part of a GPU by MIG instead of whole ones, such as 3g.40gb.",
    enforcer: ENFORCERS.gpuFit,
  }).optional(),
  replicas: leaf(z.number().int().min(1).max(20), {
    says: "Servers of this model.",
    enforcer: ENFORCERS.inference,
  }).default(1),
  image: leaf(z.string().regex(/^[a-z0-9./:_-]+@sha256:[0-9a-f]{64}$/), {
    says: "Image of the server, by digest.",
    enforcer: ENFORCERS.inference,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "registry/name@sha256:DIGEST",
        remedy: "look the digest up in your mirror and write it",
      },
    },
  }),
  source: leaf(z.string().max(500), {
    says: "Where the weights come from: ngc, or the https address of a mirror; under architecture B a mirror inside.",
    enforcer: ENFORCERS.inference,
  }).default("ngc"),
  tenants: leaf(z.array(z.string()).max(1000), {
    says: "Tenants whose requests it serves; left out: all. Time-slicing is never used, MIG and whole GPUs isolate.",
    enforcer: ENFORCERS.inference,
  }).optional(),
});

/** Models on the platform's own GPUs. */
export const inference = z.strictObject({ models: z.array(servedModel).max(50).default([]) });
