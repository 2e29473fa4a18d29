import type { Facts } from "@breakwater/runtime/settings";

/** A planned resource as rules see it. Reading a value that only `up` will know throws {@link UnknownValue}. */
export interface PlanResource {
  readonly urn: string;
  /** Pulumi type token. */
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Everything that is planned. */
export interface Plan {
  readonly resources: readonly PlanResource[];
  readonly facts: Facts;
  /**
   * Every text of any resource that is known now, each once: of the texts of hundreds of tenants one in a hundred is new. A
   * rule that looks for what should be nowhere looks here first, and through the resources only to say where it is.
   */
  readonly texts: ReadonlySet<string>;
  /** Resources of these types, in the plan's order. */
  ofType(...types: readonly string[]): readonly PlanResource[];
}

/**
 * Problems found one by one, a sentence each without a full stop. A value that only `up` will know stops the search at
 * that point: what was found before it still counts, the rest is judged when the value is known.
 */
export type Problems = Iterable<string>;

/** One problem of a check over several resources; without a URN it is the whole stack's. */
export interface StackProblem {
  readonly urn?: string;
  readonly problem: string;
}

/** Looks at one resource. Pure. */
export type Check = (props: Readonly<Record<string, unknown>>, facts: Facts) => Problems;

interface Base {
  /** Its entry in the catalogue, which has title, severity, controls and remedy. */
  readonly id: string;
  /** Whether it says anything about such an environment. @default always */
  readonly applies?: (facts: Facts) => boolean;
}

/** A rule about one resource at a time: for each type that it looks at, the check. With none of them planned it does not apply. */
export interface ResourceRule extends Base {
  readonly on: Readonly<Record<string, Check>>;
}

/** A rule about what the resources are together. */
export interface StackRule extends Base {
  /** Types of which one must be planned for the rule to say anything; empty: it always does. */
  readonly subjects: readonly string[];
  /** Pure. */
  readonly check: (plan: Plan) => Iterable<StackProblem>;
}

/** A rule that a plan can decide. */
export type PlanRule = ResourceRule | StackRule;

/** Whether a rule says anything about a plan: about such an environment, and with something planned that it looks at. */
export function appliesTo(rule: PlanRule, plan: Plan): boolean {
  if (rule.applies?.(plan.facts) === false) return false;
  if ("check" in rule && rule.subjects.length === 0) return true;
  return plan.ofType(...subjectsOf(rule)).length > 0;
}

/** Types that a rule looks at. */
export function subjectsOf(rule: PlanRule): readonly string[] {
  return "on" in rule ? Object.keys(rule.on) : rule.subjects;
}

/** The same check for several types. */
export function forTypes(types: readonly string[], check: Check): Readonly<Record<string, Check>> {
  return Object.fromEntries(types.map((type) => [type, check]));
}
