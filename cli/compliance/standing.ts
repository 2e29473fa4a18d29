import { type Facts, type LedgerRow, ledger, type Settings, stateOf } from "@breakwater/runtime/settings";
import type { RuleResult } from "../../policies/evaluate.ts";
import { appliesTo } from "./applies.ts";
import { DECLARATIONS, type Declaration } from "./declarations.ts";
import type { Standing } from "./verdict.ts";

/** A setting that speaks for a rule. */
export interface DeclaredSetting {
  readonly path: string;
  readonly value: unknown;
  /** How far something enforces it. */
  readonly state: "enforced" | "partly" | "not yet" | "label";
}

/** What is known of a rule, and the settings that say something about it. */
export interface Known {
  readonly standing: Standing;
  readonly settings: readonly DeclaredSetting[];
}

/** What declarations are read from. */
export interface Declared {
  readonly facts: Facts;
  readonly settings: Settings;
  readonly rows: readonly LedgerRow[];
}

/** Everything that an environment declares. */
export function declaredBy(settings: Settings, facts: Facts): Declared {
  return { facts, settings, rows: ledger(settings) };
}

/** What is known of a rule, from what the plan's evaluation says of it and from what is declared. */
export function knownOf({ rule, outcome }: RuleResult, declared: Declared): Known {
  const standing = (standing: Standing): Known => ({ standing, settings: [] });
  if (outcome !== "declared" && outcome !== "not evaluated") return standing(outcome);
  if (!appliesTo(rule, declared.facts)) return standing("does not apply");
  if (rule.decides === "plan") return standing("not written");
  if (rule.decides === "running") return standing("running");
  const declaration = DECLARATIONS[rule.id];
  if (rule.decides === "person" || declaration === undefined) return standing("procedure");
  return read(declaration, declared);
}

function read({ settings: patterns, whole, holds }: Declaration, { rows, settings }: Declared): Known {
  const found = patterns.map((pattern) => rows.filter(({ path }) => matches(pattern, path)));
  const complete = whole && found.every((of) => of.length > 0) && (holds?.(settings) ?? true);
  return {
    standing: complete ? "declared" : "procedure",
    settings: found.flat().map(({ path, value, enforcer }) => ({ path, value, state: stateOf(enforcer) })),
  };
}

/** Whether `tenants[2].id` is one of `tenants[].id`. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split(".");
  const own = path.split(".");
  return (
    parts.length === own.length &&
    parts.every((part, at) => part === "<name>" || part === own[at]?.replace(/\[\d+\]/g, "[]"))
  );
}
