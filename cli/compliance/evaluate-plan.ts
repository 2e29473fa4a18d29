import { refuse } from "@breakwater/runtime/problems";
import type { Facts } from "@breakwater/runtime/settings";
import { FRAMEWORKS, type Framework } from "../../policies/catalogue.ts";
import { evaluate, type RuleResult } from "../../policies/evaluate.ts";
import { type Verdict, verdictOf } from "../../policies/verdict.ts";
import { factsOf } from "../../stacks/facts.ts";
import { jurisdictionOf } from "../../stacks/jurisdiction.ts";
import type { EnvironmentFile } from "../environment.ts";
import type { PlannedResource } from "../plan/recorder.ts";

/** What the policies say of an environment's plan. */
export interface JudgedPlan {
  readonly facts: Facts;
  readonly results: readonly RuleResult[];
  readonly verdict: Verdict;
}

/** Every rule of the catalogue against the plan of an environment, and what the environment makes of it. @param day UTC, by which exceptions expire */
export async function judgePlan(
  { name, settings }: EnvironmentFile,
  resources: readonly PlannedResource[],
  day: string,
): Promise<JudgedPlan> {
  const facts = factsOf(name, settings, await jurisdictionOf(settings));
  const results = evaluate(resources, { facts, exceptions: settings.policies.exceptions, today: day });
  return { facts, results, verdict: verdictOf(results, settings.policies, day) };
}

/** The framework of that word. @throws ProblemError `compliance/unknown-framework` */
export function frameworkOf(word: string): Framework {
  if (Object.hasOwn(FRAMEWORKS, word)) return word as Framework;
  return refuse({
    code: "compliance/unknown-framework",
    path: "--framework",
    got: JSON.stringify(word),
    expected: Object.keys(FRAMEWORKS).join(", "),
    remedy: "name one of these",
  });
}
