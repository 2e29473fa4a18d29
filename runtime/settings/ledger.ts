import type { Enforcer, LeafFacts } from "./leaf.ts";
import { fileSchema, type PartialSettings, type Settings } from "./schema.ts";
import { formatSecretRef, isSecretRef } from "./secrets.ts";
import { formatPath, formatPattern, leavesOf, type Path } from "./walk.ts";

/** One setting and what makes it true. */
export interface LedgerRow {
  /** A pattern such as `multi_tenant.tenants[].id`, or with settings the place of one value. */
  readonly path: string;
  readonly says: string;
  readonly unit?: string;
  readonly source?: string;
  readonly enforcer: Enforcer;
  /** Only with settings; a secret is shown as its reference. */
  readonly value?: unknown;
}

/** How far a setting is enforced, in one word. */
export type LedgerState = "enforced" | "partly" | "not yet" | "label";

export function stateOf(enforcer: Enforcer): LedgerState {
  if ("notYet" in enforcer) return "not yet";
  if ("label" in enforcer) return "label";
  return enforcer.limits === undefined ? "enforced" : "partly";
}

/**
 * What enforces each setting: every leaf of the schema, or with settings every value that they hold.
 * @throws Error when a leaf declares nothing, which is a mistake in the schema and not of the settings.
 */
export function ledger(settings?: Settings | PartialSettings): readonly LedgerRow[] {
  return leavesOf(fileSchema).flatMap(({ pattern, facts }) => {
    if (facts === undefined) throw new Error(`${formatPattern(pattern)}: this leaf declares no enforcer`);
    if (settings === undefined) return [row(formatPattern(pattern), facts)];
    return places(settings, pattern, []).map(({ path, value }) => ({
      ...row(formatPath(path), facts),
      value: isSecretRef(value) ? formatSecretRef(value) : value,
    }));
  });
}

function row(path: string, { says, unit, source, enforcer }: LeafFacts): LedgerRow {
  return { path, says, enforcer, ...(unit === undefined ? {} : { unit }), ...(source === undefined ? {} : { source }) };
}

interface Place {
  readonly path: Path;
  readonly value: unknown;
}

/** Every value that `pattern` stands for, `[]` being each entry of a list and `<name>` each key of a record. */
function places(value: unknown, pattern: readonly string[], path: Path): readonly Place[] {
  const [head, ...rest] = pattern;
  if (value === undefined) return [];
  if (head === undefined) return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  if (head === "[]") {
    return Array.isArray(value) ? value.flatMap((item, index) => places(item, rest, [...path, index])) : [];
  }
  const entries = Object.entries(value).filter(([key]) => head === "<name>" || key === head);
  return entries.flatMap(([key, item]) => places(item, rest, [...path, key]));
}
