import type { Problem } from "@breakwater/runtime/problems";
import { parseCondition } from "./condition.ts";
import { type AlertRule, alertLabels, type RuleGroup, type Severity } from "./rule.ts";

/** An alert as the settings ask for it. */
export interface AskedAlert {
  readonly name: string;
  /** As in `error_rate > 5%`. */
  readonly condition: string;
  readonly for?: string | undefined;
  readonly severity: Exclude<Severity, "none">;
  /** E-mail addresses. */
  readonly notify: readonly string[];
}

/** What is wrong with the conditions of these alerts, all of it at once. @param path of the list. */
export function alertProblems(asked: readonly AskedAlert[], path: string): readonly Problem[] {
  return asked.flatMap(({ condition }, index) => {
    const parsed = parseCondition(condition, `${path}[${index}].condition`);
    return "expr" in parsed ? [] : parsed;
  });
}

/** The alerts of the settings; those whose condition is not understood were refused before. */
export function askedGroup(asked: readonly AskedAlert[]): RuleGroup {
  return { name: "breakwater-asked", rules: asked.flatMap(alertOf) };
}

function alertOf(asked: AskedAlert): readonly AlertRule[] {
  const parsed = parseCondition(asked.condition, asked.name);
  if (!("expr" in parsed)) return [];
  return [
    {
      alert: asked.name,
      expr: parsed.expr,
      ...(asked.for === undefined ? {} : { for: asked.for }),
      labels: alertLabels(asked.severity, asked.notify),
      annotations: {
        summary: asked.condition,
        description: `${parsed.says}: now {{ $value | printf "%.4g" }}; asked for: ${asked.condition}`,
      },
    },
  ];
}
