import type { Estimate } from "./estimate.ts";
import type { PricedLine, UnpricedLine } from "./line.ts";
import { type Bounds, difference, NOTHING } from "./money.ts";

/** A line that is in both plans and costs something else. */
export interface ChangedLine {
  readonly what: string;
  readonly resource: string;
  readonly before: Bounds;
  readonly after: Bounds;
  readonly difference: Bounds;
}

/** What a change of plan does to the costs of a month. */
export interface Comparison {
  readonly before: Bounds;
  readonly after: Bounds;
  readonly difference: Bounds;
  readonly added: readonly PricedLine[];
  readonly removed: readonly PricedLine[];
  readonly changed: readonly ChangedLine[];
  /** Without a price, in the one plan alone. */
  readonly unpricedAdded: readonly UnpricedLine[];
  readonly unpricedRemoved: readonly UnpricedLine[];
}

/**
 * Line by line; the same thing has the same address in both, whatever the environment is called.
 *
 * The difference of the totals is that of the lines that are added, removed and changed.
 */
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
    added: missingIn(old, now),
    removed: missingIn(now, old),
    changed,
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

function isNothing({ low, expected, high }: Bounds): boolean {
  return low === NOTHING.low && expected === NOTHING.expected && high === NOTHING.high;
}
