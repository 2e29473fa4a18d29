import type { PlannedResource } from "../plan/recorder.ts";
import type { Plan } from "../plan/render.ts";
import { type Flows, flowsOf } from "./flows.ts";
import type { Selector } from "./selectors.ts";
import { type Section, STATEMENTS, type StatementRule } from "./statements.ts";
import type { TextKey } from "./texts/en.ts";

/** What a statement rests on. */
export type Citation =
  | { readonly kind: "resource"; readonly urn: string; readonly type: string; readonly name: string }
  | { readonly kind: "check"; readonly id: string };

/**
 * How far a statement is true of this environment. `planned`: resources of the plan show it. `tried`: only a check of
 * `breakwater verify` shows it. `procedure`: people have to do it. `not shown`: nothing of the above, so it is not claimed.
 */
export type Standing = "planned" | "tried" | "procedure" | "not shown";

export interface Statement {
  readonly key: TextKey;
  readonly section: Section;
  readonly standing: Standing;
  readonly citations: readonly Citation[];
  /** URNs of resources of which it is not true. */
  readonly against: readonly string[];
}

/** A white paper before it has words. */
export interface Paper {
  readonly environment: string;
  readonly architecture: string;
  readonly topology: string;
  readonly region: string;
  readonly tenants: number;
  readonly flows: Flows;
  readonly statements: readonly Statement[];
  /** What the plan itself warns of. */
  readonly warnings: readonly string[];
}

/** Reads a plan as a white paper. Pure: nothing is claimed that the plan, a check or a procedure does not carry. */
export function paperOf(plan: Plan): Paper {
  const { environment, architecture, topology, summary, resources, warnings } = plan;
  return {
    environment,
    architecture,
    topology,
    region: summary.region,
    tenants: summary.tenants,
    flows: flowsOf(resources),
    statements: STATEMENTS.map((rule) => statementOf(rule, resources)),
    warnings,
  };
}

/** One statement against a plan. A single resource of which it is not true takes it back. */
export function statementOf(rule: StatementRule, plan: readonly PlannedResource[]): Statement {
  const { key, section, shownBy = [], triedBy = [], procedure } = rule;
  const found = shownBy.map((selector) => judge(selector, plan));
  const against = found.flatMap((one) => one.against);
  const resources = found.flatMap((one) => one.about);
  const base = { key, section, against: against.map(({ urn }) => urn) };
  const checks = triedBy.map((id): Citation => ({ kind: "check", id }));
  if (procedure === true) return { ...base, standing: "procedure", citations: [] };
  if (against.length > 0 || (shownBy.length > 0 && resources.length === 0)) {
    return { ...base, standing: "not shown", citations: [] };
  }
  const shown = resources.map(({ urn, type, name }): Citation => ({ kind: "resource", urn, type, name }));
  const citations = [...shown, ...checks];
  if (citations.length === 0) return { ...base, standing: "not shown", citations };
  return { ...base, standing: shown.length > 0 ? "planned" : "tried", citations };
}

function judge({ about, holds }: Selector, plan: readonly PlannedResource[]) {
  const all = plan.filter(about);
  return { about: all, against: holds === undefined ? [] : all.filter((resource) => !holds(resource, plan)) };
}
