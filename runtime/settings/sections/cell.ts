import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

export const LIVENESS_PATH = "/healthz";
export const READINESS_PATH = "/readyz";

const probeSource =
  "OpenClaw 2026.9.6, run: /healthz, /startupz and /readyz answer; /api/health is 404 and other paths give the Control UI's page";

/** One OpenClaw gateway of one tenant. */
export const cell = z.strictObject({
  memory_mib: leaf(z.number().int().min(1536).max(65_536), {
    says: "Memory limit of the OpenClaw container.",
    unit: "MiB",
    source: "measured 2026-11-23: 1.13 GB peak after three turns, killed at 1 GiB",
    enforcer: ENFORCERS.cellPod,
    refusals: {
      too_small: {
        code: "settings/out-of-range",
        expected: "at least 1536 MiB, because OpenClaw is killed at 1 GiB",
        remedy: "give each cell 2048 MiB, or have fewer tenants on this machine",
      },
    },
  }).default(2048),
  cpu_request_millicores: leaf(z.number().int().min(10).max(64_000), {
    says: "Share of a CPU that is set aside for each cell.",
    unit: "millicores",
    source: "measured 2026-11-23: requests of 500m fill two cores with three tenants",
    enforcer: ENFORCERS.cellPod,
  }).default(100),
  storage_gib: leaf(z.number().int().min(1).max(16_384), {
    says: "Volume for conversations and memory of each cell.",
    unit: "GiB",
    enforcer: { ...ENFORCERS.cellPod, limits: "the local StorageClass does not stop a writer at this size" },
  }).default(1),
  replicas: leaf(z.number().int().min(1), {
    says: "Always 1: OpenClaw has a single writer. A larger number is corrected and reported.",
    source: "OpenClaw 2026.9.6, run: a second gateway on the same state exits with code 78",
    enforcer: ENFORCERS.cellPod,
  }).optional(),
  probes: z
    .strictObject({
      liveness_path: leaf(z.string().startsWith("/"), {
        says: `Always ${LIVENESS_PATH}. Another path is corrected and reported.`,
        source: probeSource,
        enforcer: ENFORCERS.cellPod,
      }).optional(),
      readiness_path: leaf(z.string().startsWith("/"), {
        says: `Always ${READINESS_PATH}. Another path is corrected and reported.`,
        source: probeSource,
        enforcer: ENFORCERS.cellPod,
      }).optional(),
    })
    .optional(),
});
