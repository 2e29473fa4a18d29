import type { Problem } from "@breakwater/runtime/problems";
import { budgetProblem } from "../../cost/budget.ts";
import { refusals, type Verdict } from "../../policies/verdict.ts";
import { judgePlan } from "../compliance/evaluate-plan.ts";
import { type CostReport, type ReportOptions, reportOf } from "../cost/report.ts";
import type { EnvironmentFile } from "../environment.ts";
import type { Plan } from "./render.ts";

/** A plan with what the policies say of it and what it costs: what a reader needs before anything is built. */
export interface JudgedPlan extends Plan {
  readonly policy: Verdict;
  readonly cost: CostReport;
}

/**
 * Judges and prices a plan.
 *
 * @throws ProblemError `cost/broken-price-book`, and what a rule throws: a shape that it does not know is no pass.
 */
export async function judgedPlan(
  environment: EnvironmentFile,
  plan: Plan,
  options: ReportOptions,
): Promise<JudgedPlan> {
  const { verdict } = await judgePlan(environment, plan.resources, options.day);
  return { ...plan, policy: verdict, cost: reportOf(environment, plan.resources, options) };
}

/** Why a plan may not be deployed: rules that it breaks, and a budget that it is not known to keep. Empty where it may. */
export function planRefusals({ policy, cost: { budget } }: Pick<JudgedPlan, "policy" | "cost">): readonly Problem[] {
  const overspent = budget === undefined ? undefined : budgetProblem(budget);
  return [...refusals(policy), ...(overspent === undefined ? [] : [overspent])];
}
