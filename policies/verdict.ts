import type { Problem } from "@breakwater/runtime/problems";
import type { Settings } from "@breakwater/runtime/settings";
import { CATALOGUE, type CatalogueRule } from "./catalogue.ts";
import type { Finding, Outcome, RuleResult } from "./evaluate.ts";
import { type Exception, isOver } from "./exceptions.ts";
import { resourceName } from "./resource-name.ts";

/** What an environment says of its policies. */
export type PolicySettings = Settings["policies"];

/** How a violated rule is taken. */
export type Level = PolicySettings["enforcement"]["default"];

/** A rule with what is wrong, or what is borne. */
export interface RuleFindings {
  readonly rule: CatalogueRule;
  readonly findings: readonly Finding[];
}

/** What the policies say of a plan as a whole. */
export interface Verdict {
  /** Whether it may be deployed: no mandatory rule is broken, and the environment's own policies are sound. */
  readonly passes: boolean;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Violations that stop a deployment. */
  readonly mandatory: readonly RuleFindings[];
  /** Violations that are said and do not stop it. */
  readonly advisory: readonly RuleFindings[];
  /** Violations that an exception covers. */
  readonly excepted: readonly RuleFindings[];
  /** Rules that only an update can decide. */
  readonly undecided: readonly RuleFindings[];
  /** What is wrong with the exceptions and levels themselves. */
  readonly problems: readonly Problem[];
  /** Exceptions that cover nothing of this plan. */
  readonly unused: readonly Exception[];
}

const OUTCOMES: readonly Outcome[] = [
  ...(["passed", "violated", "excepted", "unknown", "does not apply"] as const),
  ...(["declared", "not evaluated"] as const),
];

/** Weighs what the rules found by what the environment says of them. Pure. @param today day, UTC */
export function verdictOf(results: readonly RuleResult[], policies: PolicySettings, today: string): Verdict {
  const violated = results.flatMap(({ rule, findings, outcome }) => {
    const open = findings.filter(({ exception }) => exception === undefined);
    return outcome === "violated" && open.length > 0 ? [{ rule, findings: open }] : [];
  });
  const at = (level: Level) => violated.filter(({ rule }) => levelOf(rule.id, policies) === level);
  const excepted = results.flatMap(({ rule, findings }) => {
    const borne = findings.filter(({ exception }) => exception !== undefined);
    return borne.length === 0 ? [] : [{ rule, findings: borne }];
  });
  const used = new Set(excepted.flatMap(({ findings }) => findings.map(({ exception }) => exception)));
  const problems = problemsOf(policies, today);
  const mandatory = at("mandatory");
  return {
    passes: mandatory.length === 0 && problems.length === 0,
    counts: countsOf(results),
    ...{ mandatory, advisory: at("advisory"), excepted },
    undecided: results.flatMap(({ rule, undecided }) =>
      undecided.length === 0 ? [] : [{ rule, findings: undecided }],
    ),
    problems,
    unused: policies.exceptions.filter((exception) => !used.has(exception) && !isOver(exception, today)),
  };
}

/** The exceptions that cover findings, each once with how many it covers. */
export function coveredBy(
  findings: readonly Finding[],
): readonly { readonly exception: Exception; readonly count: number }[] {
  const counts = new Map<Exception, number>();
  for (const { exception } of findings) {
    if (exception !== undefined) counts.set(exception, (counts.get(exception) ?? 0) + 1);
  }
  return [...counts].map(([exception, count]) => ({ exception, count }));
}

/** How a violation of a rule is taken in an environment. */
export function levelOf(rule: string, { enforcement }: PolicySettings): Level {
  return enforcement.rules[rule] ?? enforcement.default;
}

function countsOf(results: readonly RuleResult[]): Verdict["counts"] {
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count(outcome)])) as Record<Outcome, number>;
}

const DECIDED: ReadonlySet<string> = new Set(CATALOGUE.filter(({ decides }) => decides === "plan").map(({ id }) => id));

/** Exceptions and levels that mean nothing, or no longer. Each is an error: what was meant is not what happens. */
function problemsOf({ enforcement, exceptions }: PolicySettings, today: string): readonly Problem[] {
  const named = [
    ...Object.keys(enforcement.rules).map((rule) => ({ rule, path: `policies.enforcement.rules.${rule}` })),
    ...exceptions.map(({ rule }, index) => ({ rule, path: `policies.exceptions[${index}].rule` })),
  ];
  return [
    ...named.flatMap(({ rule, path }) => (DECIDED.has(rule) ? [] : [unknownRule(rule, path)])),
    ...exceptions.flatMap((exception, index) => (isOver(exception, today) ? [expired(exception, index, today)] : [])),
  ];
}

function unknownRule(rule: string, path: string): Problem {
  const known = CATALOGUE.some(({ id }) => id === rule);
  return {
    code: "policies/unknown-rule",
    path,
    got: known ? `${rule}, which no plan decides` : rule,
    expected: "a rule of policies/catalogue.json that a plan decides",
    remedy: "correct the id, or remove the entry",
  };
}

function expired({ rule, owner, expires }: Exception, index: number, today: string): Problem {
  return {
    code: "policies/expired-exception",
    path: `policies.exceptions[${index}].expires`,
    got: `${expires}, and today is ${today}`,
    expected: `a day that is not over, for the exception of ${owner} from ${rule}`,
    remedy: "mend what the rule found, or have its owner decide anew and write the new day",
  };
}

/** Everything that stops a deployment, as problems; empty where the plan passes. */
export function refusals({ mandatory, problems }: Pick<Verdict, "mandatory" | "problems">): readonly Problem[] {
  return [
    ...problems,
    ...mandatory.flatMap(({ rule, findings }) =>
      findings.map(
        ({ urn, problem }): Problem => ({
          code: "policies/violation",
          path: urn === undefined ? rule.id : `${rule.id} ${resourceName(urn)}`,
          got: problem,
          expected: rule.title,
          remedy: rule.remedy,
        }),
      ),
    ),
  ];
}
