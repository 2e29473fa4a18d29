import { formatProblem } from "@breakwater/runtime/problems";
import { budgetProblem } from "../cost/budget.ts";
import { estimateLines } from "../cost/sentences.ts";
import type { Finding } from "./evaluate.ts";
import type { JudgedStack, Judgement } from "./judgement.ts";
import { type Policy, violationText } from "./to-policy.ts";
import { coveredBy } from "./verdict.ts";

/** Says something of a whole stack, of one of its resources where it names one. */
type Report = (message: string, urn?: string) => void;

interface StackPolicy {
  readonly name: string;
  readonly description: string;
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly says: (stack: JudgedStack, report: Report) => void;
}

/** What the pack says beside the rules, so that a preview shows what `breakwater plan` shows. */
const STACK_POLICIES: readonly StackPolicy[] = [
  {
    name: "exceptions",
    description: "Exceptions and levels name rules that there are, and no exception is over.",
    enforcementLevel: "mandatory",
    says: ({ verdict }, report) => {
      for (const problem of verdict.problems) report(formatProblem(problem));
    },
  },
  {
    name: "budget",
    description: "The plan's expected cost is within cost.monthly_budget_usd.",
    enforcementLevel: "mandatory",
    says: ({ budget }, report) => {
      const problem = budget === undefined ? undefined : budgetProblem(budget);
      if (problem !== undefined) report(formatProblem(problem));
    },
  },
  {
    name: "cost",
    description: "What the plan costs a month by list prices.",
    enforcementLevel: "advisory",
    says: ({ estimate }, report) => report(estimateLines(estimate).join("\n")),
  },
  {
    name: "advice",
    description: "Said, and nothing is stopped by it.",
    enforcementLevel: "advisory",
    says: ({ verdict: { advisory, excepted, undecided, unused } }, report) => {
      for (const { rule, findings } of advisory) {
        for (const { urn, problem } of findings) report(`${rule.id}: ${violationText(rule, problem)}`, urn);
      }
      for (const { rule, findings } of excepted) report(`${rule.id}: ${exceptedText(findings)}`);
      for (const { rule, findings } of undecided)
        report(`${rule.id}: waits for the update: ${undecidedText(findings)}`);
      for (const { rule, resource = "every resource" } of unused)
        report(`${rule}: the exception for ${resource} covers nothing`);
    },
  },
];

/** The policies of the pack that are no rule of the catalogue. */
export function stackPolicies(judgement: Judgement): readonly Policy[] {
  const inputs: Policy = {
    name: "inputs",
    description: "Looks at each resource as it is registered, and refuses nothing.",
    enforcementLevel: "advisory",
    validateResource: (resource) => judgement.learn(resource),
  };
  return [inputs, ...ofStack(judgement)];
}

function ofStack(judgement: Judgement): readonly Policy[] {
  return STACK_POLICIES.map(({ says, ...policy }) => ({
    ...policy,
    validateStack: (stack, report) => says(judgement.of(policy.name, stack), (message, urn) => report(message, urn)),
  }));
}

/** One line for all that an exception covers: who answers, until when, why. */
function exceptedText(findings: readonly Finding[]): string {
  return coveredBy(findings)
    .map(
      ({ exception: { owner, expires, reason }, count }) => `${count} accepted by ${owner} until ${expires}: ${reason}`,
    )
    .join("; ");
}

function undecidedText(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ problem }) => problem))].join("; ");
}
