import type { PricedLine, UnpricedLine } from "./line.ts";
import type { Category } from "./meter.ts";
import { type Bounds, sumOf } from "./money.ts";
import type { Confidence } from "./price-book.ts";

/** All lines that are the same thing at prices of the same confidence, as one. */
export interface Group {
  readonly what: string;
  readonly category: Category;
  readonly confidence: Confidence;
  readonly bounds: Bounds;
}

/** Lines by what they are; what is dearest stands first. */
export function grouped(lines: readonly PricedLine[]): readonly Group[] {
  const groups = new Map<string, PricedLine[]>();
  for (const line of lines) {
    const key = `${line.category} ${line.what} ${line.confidence}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [line]);
    else known.push(line);
  }
  return [...groups.values()]
    .flatMap((all) => {
      const [first] = all;
      if (first === undefined) return [];
      const { what, category, confidence } = first;
      return [{ what, category, confidence, bounds: sumOf(all.map(({ microUsd }) => microUsd)) }];
    })
    .sort((a, b) => b.bounds.expected - a.bounds.expected);
}

/** All lines without a price that are the same thing for the same reason. */
export interface UnpricedGroup {
  readonly what: string;
  readonly reason: string;
  readonly count: number;
}

/** What has no price, once for each thing and reason. */
export function groupedUnpriced(lines: readonly UnpricedLine[]): readonly UnpricedGroup[] {
  const groups = new Map<string, { what: string; reason: string; count: number }>();
  for (const { what, reason } of lines) {
    const key = `${what}\0${reason}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { what, reason, count: 1 });
    else known.count += 1;
  }
  return [...groups.values()];
}

/** `3 x volumes: the price book has no price for it`; never an amount. */
export function unpricedText({ what, reason, count }: UnpricedGroup): string {
  return count === 1 ? `${what}: ${reason}` : `${count} x ${what}: ${reason}`;
}
