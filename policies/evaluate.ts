import type { Facts } from "@breakwater/runtime/settings";
import { CATALOGUE, type CatalogueRule } from "./catalogue.ts";
import { type Exception, exceptionFor } from "./exceptions.ts";
import { grouped } from "./grouped.ts";
import { appliesTo, type Plan, type PlanResource, type PlanRule, type StackProblem, subjectsOf } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import { trapped, UnknownValue } from "./unknown.ts";

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
  const plan = planOf(
    resources.map(({ urn, type, name, inputs }) => ({
      urn,
      type,
      name,
      props: trapped(inputs) as PlanResource["props"],
    })),
    options.facts,
  );
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
  if ("check" in rule) collect(undefined, () => rule.check(plan), problems, unknown);
  else {
    for (const { urn, type, props } of plan.ofType(...subjectsOf(rule))) {
      const found: string[] = [];
      collect(urn, () => rule.on[type]?.(props, plan.facts) ?? [], found, unknown);
      for (const problem of found) problems.push({ urn, problem });
    }
  }
  return { problems, unknown };
}

/** What was found before a value that only an update knows still counts. */
function collect<Found>(
  urn: string | undefined,
  look: () => Iterable<Found>,
  found: Found[],
  unknown: Finding[],
): void {
  try {
    for (const one of look()) found.push(one);
  } catch (error) {
    if (!(error instanceof UnknownValue)) throw error;
    unknown.push({ urn, problem: error.message });
  }
}

function planOf(resources: readonly PlanResource[], facts: Facts): Plan {
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
  return { resources, facts, ofType };
}
