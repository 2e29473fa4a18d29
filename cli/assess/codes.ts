import type { Problem } from "@breakwater/runtime/problems";

/** Every way in which answers can be refused. Closed: a new one gets a code and a test. */
export const ASSESS_CODES = [
  "assess/unreadable",
  "assess/unknown-key",
  "assess/missing",
  "assess/invalid",
  "assess/repeated",
  "assess/stopped",
  "assess/unwritable",
  "assess/data-may-not-leave",
  "assess/cloud-may-not-hold",
  "assess/state-owned",
  "assess/leaves-china",
  "assess/no-domestic-models",
  "assess/own-models-without-gpus",
  "assess/gpus-without-models",
  "assess/stand-in",
  "assess/mlps-outside-china",
  "assess/no-region",
  "assess/cloud-outside-china",
  "assess/cloud-not-asked",
  "assess/departments-without-isolation",
  "assess/fewer-agents-than-departments",
  "assess/too-few-agents",
  "assess/no-budget",
  "assess/system-outside",
  "assess/one-machine-too-small",
  "assess/rto-single-server",
  "assess/uptime-single-server",
] as const;

export type AssessCode = (typeof ASSESS_CODES)[number];

/** Shorthand, so that a rule reads as a sentence. */
export function assessProblem(code: AssessCode, path: string, rest: Omit<Problem, "code" | "path">): Problem {
  return { code, path, ...rest };
}
