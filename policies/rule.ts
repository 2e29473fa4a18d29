import type { PolicyPackArgs, ReportViolation, StackValidationArgs } from "@pulumi/policy";
import { type ControlId, controls } from "./controls.ts";

type Policy = NonNullable<PolicyPackArgs["policies"]>[number];

interface RuleBase {
  readonly id: string;
  /** A rule without a control does not compile. */
  readonly controls: readonly [ControlId, ...ControlId[]];
  readonly severity: "low" | "medium" | "high" | "critical";
  /** The rule, as a sentence. */
  readonly says: string;
  /** What the reader does next. */
  readonly fix: string;
}

/**
 * Problems found one by one. A value that only `up` will know stops the search at that point: what was found before it
 * still counts in the preview, the rest is judged when the value is known.
 */
export type Problems = Iterable<string>;

/** A rule about one resource at a time. */
export interface ResourceRule extends RuleBase {
  /** Pulumi type tokens. */
  readonly on: readonly string[];
  /** Pure: one string per problem. */
  readonly check: (props: Readonly<Record<string, unknown>>) => Problems;
}

/** A resource as a stack rule sees it. */
export interface StackResource {
  readonly type: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** A rule about what the resources are together. */
export interface StackRule extends RuleBase {
  /** Pure: one problem per resource at fault. */
  readonly checkStack: (
    resources: readonly StackResource[],
  ) => Iterable<{ readonly urn: string; readonly problem: string }>;
}

export type Rule = ResourceRule | StackRule;

/** A rule as Pulumi's policy engine takes it; every message ends with the fix and the controls, which diagnostics lack otherwise. */
export function toPolicy(rule: Rule): Policy {
  const common = {
    name: rule.id,
    description: rule.says,
    enforcementLevel: "mandatory" as const,
    severity: rule.severity,
    framework: { ...controls[rule.controls[0]] },
    tags: [...rule.controls],
    remediationSteps: rule.fix,
  };
  const message = (problem: string): string => `${problem}. Fix: ${rule.fix} [${rule.controls.join(", ")}]`;
  if ("checkStack" in rule) {
    return {
      ...common,
      validateStack: ({ resources }: StackValidationArgs, report: ReportViolation) => {
        for (const { urn, problem } of rule.checkStack(resources)) report(message(problem), urn);
      },
    };
  }
  return {
    ...common,
    validateResource: ({ type, props }, report) => {
      if (!rule.on.includes(type)) return;
      for (const problem of rule.check(props)) report(message(problem));
    },
  };
}
