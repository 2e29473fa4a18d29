import type { Estimate } from "./estimate.ts";
import { groupedUnpriced, type UnpricedGroup } from "./groups.ts";
import type { PricedLine, UnpricedLine } from "./line.ts";
import type { Category } from "./meter.ts";
import { type Bounds, difference, isNothing, NOTHING, sumOf } from "./money.ts";

/**
 * What became of a thing. `priced`: it was there without a price, and has one now; `unpriced`: the other way round, so
 * that it still costs what nobody knows.
 */
export type Change = "added" | "removed" | "dearer" | "cheaper" | "priced" | "unpriced";

/** All lines that are the same thing, before and after. */
export interface ChangedGroup {
  readonly what: string;
  readonly category: Category;
  readonly change: Change;
  readonly before: Bounds;
  readonly after: Bounds;
  readonly difference: Bounds;
}

/** All lines without a price that are the same thing for the same reason, as they were counted before and after. */
export interface UnpricedChange extends Omit<UnpricedGroup, "count"> {
  readonly before: number;
  readonly after: number;
}

type Lines = Pick<Estimate, "lines" | "unpriced">;
type Thing = Pick<PricedLine | UnpricedLine, "what" | "category">;

/** Things whose lines cost something else together, the largest difference first; their differences add up to that of the totals. */
export function changedGroups(before: Lines, after: Lines): readonly ChangedGroup[] {
  const [old, now] = [byThing(before.lines), byThing(after.lines)];
  const [oldUnpriced, nowUnpriced] = [keysOf(before.unpriced), keysOf(after.unpriced)];
  return [...new Map([...old, ...now])]
    .flatMap(([key, [{ what, category }]]) => {
      const [was, is] = [sum(old.get(key)), sum(now.get(key))];
      const change = difference(is, was);
      if (isNothing(change)) return [];
      const added = oldUnpriced.has(key) ? "priced" : "added";
      const removed = nowUnpriced.has(key) ? "unpriced" : "removed";
      const kind: Change = !old.has(key) ? added : !now.has(key) ? removed : isDearer(change) ? "dearer" : "cheaper";
      return [{ what, category, change: kind, before: was, after: is, difference: change }];
    })
    .sort((a, b) => Math.abs(b.difference.expected) - Math.abs(a.difference.expected));
}

/** Things without a price of which there are more or fewer than before. */
export function unpricedChanges(
  before: readonly UnpricedLine[],
  after: readonly UnpricedLine[],
): readonly UnpricedChange[] {
  const [old, now] = [counts(before), counts(after)];
  return [...new Map([...old, ...now])].flatMap(([key, { what, reason }]) => {
    const [was, is] = [old.get(key)?.count ?? 0, now.get(key)?.count ?? 0];
    return was === is ? [] : [{ what, reason, before: was, after: is }];
  });
}

/** By what is expected; where that is the same, by the most, then by the least. */
function isDearer({ low, expected, high }: Bounds): boolean {
  return (expected || high || low) > 0;
}

function byThing(lines: readonly PricedLine[]): ReadonlyMap<string, readonly [PricedLine, ...PricedLine[]]> {
  const things = new Map<string, [PricedLine, ...PricedLine[]]>();
  for (const line of lines) {
    const known = things.get(keyOf(line));
    if (known === undefined) things.set(keyOf(line), [line]);
    else known.push(line);
  }
  return things;
}

function keysOf(lines: readonly UnpricedLine[]): ReadonlySet<string> {
  return new Set(lines.map(keyOf));
}

function keyOf({ what, category }: Thing): string {
  return `${category}\0${what}`;
}

function sum(lines: readonly PricedLine[] | undefined): Bounds {
  return lines === undefined ? NOTHING : sumOf(lines.map(({ microUsd }) => microUsd));
}

function counts(lines: readonly UnpricedLine[]): ReadonlyMap<string, UnpricedGroup> {
  return new Map(groupedUnpriced(lines).map((group) => [`${group.what}\0${group.reason}`, group]));
}
