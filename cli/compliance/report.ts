import type { Facts, Settings } from "@breakwater/runtime/settings";
import { FRAMEWORKS, type Framework } from "../../policies/catalogue.ts";
import type { Finding, RuleResult } from "../../policies/evaluate.ts";
import { byControl, type Confidence, controlsOf, mappedControl } from "./control-ids.ts";
import { type DeclaredSetting, declaredBy, knownOf } from "./standing.ts";
import { type Standing, VERDICTS, type Verdict, verdictOf } from "./verdict.ts";

/** A rule and what is known of it. */
export interface ReportedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly standing: Standing;
  /** URNs of the resources that decided it. */
  readonly subjects: readonly string[];
  readonly findings: readonly Finding[];
  readonly settings: readonly DeclaredSetting[];
  readonly remedy: string;
}

/** A control, the verdict on it, and the rules that it rests on. */
export interface ReportedControl {
  readonly id: string;
  readonly verdict: Verdict;
  readonly rules: readonly {
    readonly id: string;
    readonly standing: Standing;
    /** How sure it is that the rule is about this control. */
    readonly confidence: Confidence;
  }[];
}

/** One framework for one environment. */
export interface ComplianceReport {
  readonly environment: string;
  readonly framework: { readonly id: Framework; readonly name: string; readonly version: string };
  /** Day, UTC, by which exceptions were counted. */
  readonly day: string;
  readonly facts: Pick<Facts, "architecture" | "topology" | "region" | "jurisdiction">;
  /** Planned resources. */
  readonly resources: number;
  readonly summary: Readonly<Record<Verdict, number>>;
  /** Whether controls of the framework that no rule maps to are listed; false where no complete list of it is here. */
  readonly complete: boolean;
  readonly controls: readonly ReportedControl[];
  /** Those of the controls, in the catalogue's order. */
  readonly rules: readonly ReportedRule[];
}

/** What a report is made of. */
export interface ReportArgs {
  readonly facts: Facts;
  readonly settings: Settings;
  readonly results: readonly RuleResult[];
  readonly resources: number;
  readonly framework: Framework;
  readonly day: string;
}

/** Each control of a framework with what decides it. Pure: nothing is claimed that is not in the results or the settings. */
export function reportOf({ facts, settings, results, resources, framework, day }: ReportArgs): ComplianceReport {
  const declared = declaredBy(settings, facts);
  const known = results
    .filter(({ rule }) => rule.controls[framework] !== undefined)
    .map((result) => ({ ...result, ...knownOf(result, declared) }));
  const standings = new Map(known.map(({ rule, standing }) => [rule.id, standing]));
  const controls = mapped(known, framework).map(({ id, rules }) => {
    const all = rules.map((rule) => ({ ...rule, standing: standings.get(rule.id) ?? "not written" }) as const);
    return { id, verdict: verdictOf(all.map(({ standing }) => standing)), rules: all };
  });
  return {
    environment: facts.environment,
    framework: { id: framework, ...FRAMEWORKS[framework] },
    day,
    facts: {
      architecture: facts.architecture,
      topology: facts.topology,
      region: facts.region,
      jurisdiction: facts.jurisdiction,
    },
    resources,
    summary: countOf(controls),
    complete: controlsOf(framework) !== undefined,
    controls,
    rules: known.map(({ rule, standing, subjects, findings, settings: said }) => ({
      id: rule.id,
      title: rule.title,
      severity: rule.severity,
      standing,
      subjects,
      findings,
      settings: said,
      remedy: rule.remedy,
    })),
  };
}

interface Mapped {
  readonly id: string;
  readonly rules: readonly { readonly id: string; readonly confidence: Confidence }[];
}

/** The controls of a framework in its own order, those without a rule included where all are known. */
function mapped(results: readonly RuleResult[], framework: Framework): readonly Mapped[] {
  const rulesOf = new Map<string, { id: string; confidence: Confidence }[]>();
  for (const id of controlsOf(framework) ?? []) rulesOf.set(id, []);
  for (const { rule } of results) {
    for (const reference of rule.controls[framework] ?? []) {
      const { control, confidence } = mappedControl(reference);
      rulesOf.set(control, [...(rulesOf.get(control) ?? []), { id: rule.id, confidence }]);
    }
  }
  return [...rulesOf].map(([id, rules]) => ({ id, rules })).sort((a, b) => byControl(a.id, b.id));
}

function countOf(controls: readonly ReportedControl[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict): number => controls.filter((control) => control.verdict === verdict).length;
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, count(verdict)])) as Record<Verdict, number>;
}
