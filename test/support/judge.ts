import type { Facts } from "@breakwater/runtime/settings";
import { evaluate, type RawResource, type RuleResult } from "../../policies/evaluate.ts";
import type { Exception } from "../../policies/exceptions.ts";
import type { PlanRule } from "../../policies/rule.ts";

/** Facts of an ordinary environment; tests change what they are about. */
export const FACTS: Facts = {
  environment: "acme",
  architecture: "A",
  topology: "aws",
  region: "ap-northeast-2",
  jurisdiction: "kr",
  dataClass: "internal",
  exposure: "internal",
  airGapped: false,
  tenants: [{ id: "a", retentionDays: 90, maxAgents: 3, monthlyBudgetUsd: 100, alertPercents: [50, 80, 100] }],
  auditRetentionDays: 400,
  auditDestinations: ["splunk"],
  alerts: ["high_error_rate"],
};

/** One planned resource of a type with these inputs. */
export function planned(type: string, inputs: Readonly<Record<string, unknown>>, name = "it"): RawResource {
  return { urn: `urn:pulumi:t::p::${type}::${name}`, type, name, inputs };
}

interface Given {
  /** @default those of the pack */
  readonly rules?: readonly PlanRule[];
  readonly facts?: Partial<Facts>;
  readonly exceptions?: readonly Exception[];
  readonly today?: string;
}

/** What becomes of one rule of the catalogue for these resources. */
export function judged(
  id: string,
  resources: readonly RawResource[],
  { facts, exceptions = [], today = "2026-11-24", rules }: Given = {},
): RuleResult {
  const listed = rules === undefined ? {} : { rules };
  const results = evaluate(resources, { facts: { ...FACTS, ...facts }, exceptions, today, ...listed });
  const found = results.find(({ rule }) => rule.id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

/** Its problems, in order. */
export function problems(id: string, resources: readonly RawResource[], given?: Given): readonly string[] {
  const { outcome, findings } = judged(id, resources, given);
  return outcome === "violated" ? findings.map(({ problem }) => problem) : [];
}
