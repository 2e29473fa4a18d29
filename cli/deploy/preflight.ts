import { ProblemError } from "@breakwater/runtime/problems";
import { usd } from "../../cost/currency.ts";
import { totalSentence } from "../../cost/sentences.ts";
import { type Progress, tracked } from "../../tools/progress.ts";
import { deployedOrWhy } from "../cost/deployed.ts";
import { comparisonSentence } from "../cost/render-comparison.ts";
import type { CostReport } from "../cost/report.ts";
import type { EnvironmentFile } from "../environment.ts";
import { type JudgedPlan, judgedPlan, planRefusals } from "../plan/judged-plan.ts";
import { planOf } from "../plan/plan.ts";

/**
 * Plans, judges and prices an environment before anything of it is built. The engine asks a policy pack about a whole stack
 * only when all of it stands.
 *
 * @throws ProblemError with every mandatory rule that is broken and a budget that is not known to be kept.
 */
export function preflight(environment: EnvironmentFile, progress: Progress): Promise<JudgedPlan> {
  return tracked(
    progress,
    `plan, policies and cost of ${environment.name}`,
    async () => {
      const options = {
        ...{ day: new Date().toISOString().slice(0, 10), money: usd(environment.settings) },
        against: await deployedOrWhy(environment.name),
      };
      const plan = await judgedPlan(environment, await planOf(environment), options);
      const [first, ...rest] = planRefusals(plan);
      if (first !== undefined) throw new ProblemError([first, ...rest]);
      return plan;
    },
    preflightSentence,
  );
}

/** `64 rules passed, 8 accepted; 5,072.71 USD a month, ...`. */
function preflightSentence({ policy: { counts, advisory }, cost }: JudgedPlan): string {
  const advised = advisory.length === 0 ? "" : `, ${advisory.length} advised against`;
  const passed = `${counts.passed} rules passed, ${counts.excepted} accepted${advised}`;
  return [passed, totalSentence(cost.estimate), ...differenceOf(cost)].join("; ");
}

/** What an update does to the month; nothing where it is the first. */
function differenceOf({ against, comparison, money }: CostReport): readonly string[] {
  if (against === undefined || against.kind === "nothing") return [];
  return [comparisonSentence(against, comparison, money)];
}
