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

/** What has no price, once for each reason with how often; never an amount. */
export function groupedUnpriced(lines: readonly UnpricedLine[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { what, reason } of lines) {
    const key = `${what}: ${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => (count === 1 ? key : `${count} x ${key}`));
}
