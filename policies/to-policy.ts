import { FACTS_TYPE, Facts } from "@breakwater/runtime/settings";
import { type PolicyPackArgs, type ReportViolation, type StackValidationArgs, UnknownValueError } from "@pulumi/policy";
import { ACCEPTED } from "./accepted.ts";
import { type CatalogueRule, catalogued, controlRefs, FRAMEWORKS, type Framework } from "./catalogue.ts";
import { exceptionFor } from "./exceptions.ts";
import { appliesTo, type Plan, type PlanResource, type PlanRule, type StackProblem } from "./rule.ts";

type Policy = NonNullable<PolicyPackArgs["policies"]>[number];

/**
 * A rule as Pulumi's policy engine takes it. All rules are judged when the whole stack is known, because they need the
 * environment's facts, which are one of its resources. Every message ends with the remedy and the controls, which
 * diagnostics lack otherwise.
 */
export function toPolicy(rule: PlanRule): Policy {
  const entry = catalogued(rule.id);
  return {
    name: rule.id,
    description: entry.title,
    enforcementLevel: "mandatory",
    severity: entry.severity,
    framework: frameworkOf(entry),
    tags: [...controlRefs(entry)],
    remediationSteps: entry.remedy,
    validateStack: ({ resources }: StackValidationArgs, report: ReportViolation) => {
      const plan = planOf(resources.map(({ type, urn, name, props }) => ({ type, urn, name, props })));
      if (!appliesTo(rule, plan)) return;
      const today = new Date().toISOString().slice(0, 10);
      const text = (problem: string): string => `${problem}. Fix: ${entry.remedy} [${controlRefs(entry).join(", ")}]`;
      judge(rule, plan, ({ urn, problem }) => {
        if (exceptionFor({ rule: rule.id, urn }, ACCEPTED, today) === undefined) report(text(problem), urn);
      });
    },
  };
}

/** The engine shows one framework a policy: the first of the catalogue's. */
function frameworkOf({ controls, title }: CatalogueRule): NonNullable<Policy["framework"]> {
  const [framework, [reference = ""] = []] = (Object.entries(controls)[0] ?? ["iso27001", []]) as [Framework, string[]];
  return { ...FRAMEWORKS[framework], reference, specification: title };
}

/** @throws UnknownValueError after all else was reported: the engine then says that the rest is judged at the update. */
function judge(rule: PlanRule, plan: Plan, report: (problem: StackProblem) => void): void {
  if ("check" in rule) {
    for (const problem of rule.check(plan)) report(problem);
    return;
  }
  let unknown: UnknownValueError | undefined;
  for (const { type, urn, props } of plan.ofType(...Object.keys(rule.on))) {
    try {
      for (const problem of rule.on[type]?.(props, plan.facts) ?? []) report({ urn, problem });
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      unknown = error;
    }
  }
  if (unknown !== undefined) throw unknown;
}

/** @throws Error when the stack does not say what environment it is: nothing can be judged then. */
function planOf(resources: readonly PlanResource[]): Plan {
  const environment = resources.find(({ type }) => type === FACTS_TYPE);
  if (environment === undefined) throw new Error(`no ${FACTS_TYPE} in the stack: this pack judges Breakwater's own`);
  return {
    resources,
    facts: Facts.parse(environment.props),
    ofType: (...types) => resources.filter(({ type }) => types.includes(type)),
  };
}
