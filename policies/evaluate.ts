import type { Facts } from "@breakwater/runtime/settings";
import { CATALOGUE, type CatalogueRule } from "./catalogue.ts";
import { type Exception, exceptionFor } from "./exceptions.ts";
import { grouped } from "./grouped.ts";
import { appliesTo, type Plan, type PlanResource, type PlanRule, type StackProblem, subjectsOf } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import { trapping, UnknownValue } from "./unknown.ts";

/** One thing that is wrong, or that only an update will tell. */
export interface Finding {
  readonly urn: string | undefined;
  readonly problem: string;
  /** Who answers for it, until when. */
  readonly exception?: Exception;
}

/**
 * What is known of a rule. `excepted`: violated, and every violation is covered by an exception. `unknown`: what it reads
 * is known only after an update. `declared`, `not evaluated`: no plan can tell. Only `passed` was seen to hold.
 */
export type Outcome = "passed" | "violated" | "excepted" | "unknown" | "does not apply" | "declared" | "not evaluated";

/** One rule of the catalogue and what became of it. */
export interface RuleResult {
  readonly rule: CatalogueRule;
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  /** Where the search stopped at a value that only an update knows, also of a rule that is violated elsewhere. */
  readonly undecided: readonly Finding[];
  /** URNs of what it looked at. */
  readonly subjects: readonly string[];
}

/** Resources as a plan or an engine hands them over, unknown values marked. */
export type RawResource = Omit<PlanResource, "props"> & { readonly inputs: Readonly<Record<string, unknown>> };

/** What a plan is judged by. */
export interface EvaluationOptions {
  readonly facts: Facts;
  /** @default those of the pack */
  readonly rules?: readonly PlanRule[];
  readonly exceptions?: readonly Exception[];
  /** Day, UTC, by which exceptions expire. */
  readonly today: string;
}

/** Every rule of the catalogue against a plan. Pure. @throws what a rule throws: a shape that it does not know is no pass. */
export function evaluate(resources: readonly RawResource[], options: EvaluationOptions): readonly RuleResult[] {
  const plan = planOf(resources, options.facts);
  const rules = new Map((options.rules ?? RULES).map((rule) => [rule.id, rule]));
  return CATALOGUE.map((entry) => {
    const rule = rules.get(entry.id);
    if (rule === undefined) return undecided(entry);
    return judged(entry, rule, plan, options);
  });
}

const NOTHING = { findings: [], undecided: [], subjects: [] } as const;

/** What a plan cannot tell. */
function undecided(rule: CatalogueRule): RuleResult {
  return { rule, outcome: rule.decides === "declared" ? "declared" : "not evaluated", ...NOTHING };
}

function judged(
  entry: CatalogueRule,
  rule: PlanRule,
  plan: Plan,
  { exceptions = [], today }: EvaluationOptions,
): RuleResult {
  if (!appliesTo(rule, plan)) return { rule: entry, outcome: "does not apply", ...NOTHING };
  const subjects = plan.ofType(...subjectsOf(rule)).map(({ urn }) => urn);
  const { problems, unknown } = search(rule, plan);
  const findings = problems.map(({ urn, problem }) => {
    const exception = exceptionFor({ rule: entry.id, urn }, exceptions, today);
    return { urn, problem, ...(exception === undefined ? {} : { exception }) };
  });
  const open = findings.some(({ exception }) => exception === undefined);
  const outcome = open ? "violated" : findings.length > 0 ? "excepted" : unknown.length > 0 ? "unknown" : "passed";
  return { rule: entry, outcome, findings: outcome === "unknown" ? unknown : findings, undecided: unknown, subjects };
}

interface Search {
  readonly problems: readonly StackProblem[];
  /** Where the search stopped at a value that only an update knows. */
  readonly unknown: readonly Finding[];
}

function search(rule: PlanRule, plan: Plan): Search {
  const problems: StackProblem[] = [];
  const unknown: Finding[] = [];
  if ("check" in rule) {
    try {
      for (const problem of rule.check(plan)) problems.push(problem);
    } catch (error) {
      unknown.push({ urn: undefined, problem: unknownIn(error) });
    }
  } else {
    for (const { urn, type, props } of plan.ofType(...subjectsOf(rule))) {
      try {
        for (const problem of rule.on[type]?.(props, plan.facts) ?? []) problems.push({ urn, problem });
      } catch (error) {
        unknown.push({ urn, problem: unknownIn(error) });
      }
    }
  }
  return { problems, unknown };
}

/** What only an update knows; what was found before a check came to it still counts. @throws any other error */
function unknownIn(error: unknown): string {
  if (!(error instanceof UnknownValue)) throw error;
  return error.message;
}

function planOf(raw: readonly RawResource[], facts: Facts): Plan {
  const texts = new Set<string>();
  const trapped = trapping(texts);
  const resources = raw.map(({ urn, type, name, inputs }) => ({ urn, type, name, props: trapped(inputs) }));
  const byType = grouped(resources, ({ type }) => type);
  // Two dozen rules ask for everything that carries a pod.
  const asked = new Map<string, readonly PlanResource[]>();
  const ofType = (...types: readonly string[]): readonly PlanResource[] => {
    const key = types.join(" ");
    const known = asked.get(key);
    if (known !== undefined) return known;
    const found = types.flatMap((type) => byType.get(type) ?? []);
    asked.set(key, found);
    return found;
  };
  return { resources, facts, texts, ofType };
}
