import type { PricedLine } from "./line.ts";

/** Prices move: one that is older than half a year is shown as old. */
export const OLD_DAYS = 180;

const DAY_MS = 86_400_000;

/** Days from one UTC day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** What is wrong with the prices of an estimate: old ones by their day, undated ones, guesses. */
export function priceWarnings(lines: readonly PricedLine[], day: string): readonly string[] {
  const old = new Map<string, number>();
  let [undated, guessed] = [0, 0];
  for (const { priceDay, confidence } of lines) {
    if (priceDay === null) undated += 1;
    else if (daysBetween(priceDay, day) > OLD_DAYS) old.set(priceDay, (old.get(priceDay) ?? 0) + 1);
    if (confidence === "low") guessed += 1;
  }
  const total = [...old.values()].reduce((sum, count) => sum + count, 0);
  const [oldest] = [...old.keys()].sort();
  return [
    ...(oldest === undefined
      ? []
      : [`${lineCount(total)} of prices older than ${OLD_DAYS} days, the oldest of ${oldest}: refresh the price book`]),
    ...(undated === 0 ? [] : [`${lineCount(undated)} of prices whose source has no day`]),
    ...(guessed === 0
      ? []
      : [`${lineCount(guessed)} of prices of low confidence: another region's, from memory, or an example`]),
  ];
}

function lineCount(count: number): string {
  return count === 1 ? "1 line" : `${count} lines`;
}
