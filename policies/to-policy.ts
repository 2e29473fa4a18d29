import type { PolicyPackArgs } from "@pulumi/policy";
import { type CatalogueRule, catalogued, controlRefs, FRAMEWORKS, type Framework } from "./catalogue.ts";
import type { Judgement } from "./judgement.ts";
import type { PlanRule } from "./rule.ts";

/** A policy as Pulumi takes it. */
export type Policy = NonNullable<PolicyPackArgs["policies"]>[number];

/**
 * A rule as Pulumi's policy engine takes it: it reports what breaks the rule in an environment that takes it as mandatory.
 * All rules are judged when the whole stack is known, because they need the environment's facts, which are one of its
 * resources. Every message ends with the remedy and the controls, which diagnostics lack otherwise.
 */
export function toPolicy({ id }: PlanRule, judgement: Judgement): Policy {
  const entry = catalogued(id);
  return {
    name: id,
    description: entry.title,
    enforcementLevel: "mandatory",
    severity: entry.severity,
    framework: frameworkOf(entry),
    tags: [...controlRefs(entry)],
    remediationSteps: entry.remedy,
    validateStack: (stack, report) => {
      const { mandatory } = judgement.of(id, stack).verdict;
      for (const { findings } of mandatory.filter(({ rule }) => rule.id === id)) {
        for (const { urn, problem } of findings) report(violationText(entry, problem), urn);
      }
    },
  };
}

/** A violation as the engine shows it. */
export function violationText(rule: CatalogueRule, problem: string): string {
  return `${problem}. Fix: ${rule.remedy} [${controlRefs(rule).join(", ")}]`;
}

/** The engine shows one framework a policy: the first of the catalogue's. */
function frameworkOf({ controls, title }: CatalogueRule): NonNullable<Policy["framework"]> {
  const [framework, [reference = ""] = []] = (Object.entries(controls)[0] ?? ["iso27001", []]) as [Framework, string[]];
  return { ...FRAMEWORKS[framework], reference, specification: title };
}
