import { ProblemError } from "@breakwater/runtime/problems";
import { usd } from "../../cost/currency.ts";
import type { Verdict as PolicyVerdict } from "../../policies/verdict.ts";
import { judgePlan } from "../compliance/evaluate-plan.ts";
import { reportOf as complianceReport } from "../compliance/report.ts";
import type { Verdict } from "../compliance/verdict.ts";
import { type CostReport, reportOf as costReport } from "../cost/report.ts";
import type { EnvironmentFile } from "../environment.ts";
import { planRefusals } from "../plan/judged-plan.ts";
import { planOf } from "../plan/plan.ts";
import type { Answers } from "./answers.ts";

/** What of a standard the plan of an environment shows, and what it leaves open. */
export interface StandardOutlook {
  readonly standard: Answers["security"]["standards"][number];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Controls that nothing of the environment meets or declares, by what stands in the way. */
  readonly open: readonly { readonly verdict: Verdict; readonly controls: readonly string[] }[];
}

/** What an environment would come down to if it were built: found by planning it. */
export interface Outlook {
  /** Day, UTC, of prices and exceptions. */
  readonly day: string;
  readonly resources: number;
  readonly cost: CostReport;
  readonly policy: PolicyVerdict;
  readonly standards: readonly StandardOutlook[];
}

/** Verdicts that leave something to do, the most pressing first. */
const OPEN = ["violated", "excepted", "undecided", "procedure", "not covered"] as const satisfies readonly Verdict[];

/**
 * Plans an environment, judges and prices it.
 *
 * @throws ProblemError with everything that stands against the plan.
 */
export async function outlookOf(environment: EnvironmentFile, answers: Answers, day: string): Promise<Outlook> {
  const { resources } = await planOf(environment);
  const { facts, results, verdict: policy } = await judgePlan(environment, resources, day);
  const cost = costReport(environment, resources, { day, money: usd(environment.settings) });
  const [first, ...rest] = planRefusals({ policy, cost });
  if (first !== undefined) throw new ProblemError([first, ...rest]);
  const common = { facts, settings: environment.settings, results, resources: resources.length, day };
  return {
    ...{ day, resources: resources.length, cost, policy },
    standards: answers.security.standards.map((standard) => {
      const { summary, controls } = complianceReport({ ...common, framework: standard });
      const open = OPEN.map((verdict) => ({
        verdict,
        controls: controls.filter((control) => control.verdict === verdict).map(({ id }) => id),
      }));
      return { standard, counts: summary, open: open.filter(({ controls: ids }) => ids.length > 0) };
    }),
  };
}
