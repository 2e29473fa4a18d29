import { type ChangedGroup, changedGroups, type UnpricedChange, unpricedChanges } from "./changed-groups.ts";
import type { Estimate } from "./estimate.ts";
import type { PricedLine, UnpricedLine } from "./line.ts";
import { type Bounds, difference, isNothing } from "./money.ts";

/** A line that is in both estimates and costs something else. */
export interface ChangedLine {
  readonly what: string;
  readonly resource: string;
  readonly before: Bounds;
  readonly after: Bounds;
  readonly difference: Bounds;
}

/** What a change does to the costs of a month. */
export interface Comparison {
  readonly before: Bounds;
  readonly after: Bounds;
  /** `after - before`; that of the groups, and that of the lines that are added, removed and changed. */
  readonly difference: Bounds;
  /** What is the same thing, as one; the largest difference first. */
  readonly groups: readonly ChangedGroup[];
  readonly added: readonly PricedLine[];
  readonly removed: readonly PricedLine[];
  readonly changed: readonly ChangedLine[];
  /** Things without a price of which there are more or fewer than before. */
  readonly unpriced: readonly UnpricedChange[];
  /** Without a price, in the one estimate alone. */
  readonly unpricedAdded: readonly UnpricedLine[];
  readonly unpricedRemoved: readonly UnpricedLine[];
}

/** Thing by thing and line by line; a line has the same address in both, whatever the environment is called. Pure. */
export function compare(before: Estimate, after: Estimate): Comparison {
  const [old, now] = [byAddress(before.lines), byAddress(after.lines)];
  const [oldUnpriced, nowUnpriced] = [byAddress(before.unpriced), byAddress(after.unpriced)];
  const changed = [...now].flatMap(([address, line]) => {
    const was = old.get(address)?.microUsd ?? line.microUsd;
    const change = difference(line.microUsd, was);
    if (isNothing(change)) return [];
    return [{ what: line.what, resource: line.resource, before: was, after: line.microUsd, difference: change }];
  });
  return {
    ...{ before: before.total, after: after.total, difference: difference(after.total, before.total) },
    groups: changedGroups(before, after),
    added: missingIn(old, now),
    removed: missingIn(now, old),
    changed,
    unpriced: unpricedChanges(before.unpriced, after.unpriced),
    unpricedAdded: missingIn(oldUnpriced, nowUnpriced),
    unpricedRemoved: missingIn(nowUnpriced, oldUnpriced),
  };
}

function missingIn<Line>(there: ReadonlyMap<string, unknown>, here: ReadonlyMap<string, Line>): readonly Line[] {
  return [...here].flatMap(([address, line]) => (there.has(address) ? [] : [line]));
}

function byAddress<Line extends { readonly id: string }>(lines: readonly Line[]): ReadonlyMap<string, Line> {
  return new Map(lines.map((line) => [line.id.replace(/^urn:pulumi:[^:]+::/, ""), line]));
}
