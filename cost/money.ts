/** Hours that a month has in every estimate: 8,760 a year, in twelve parts. */
export const HOURS_A_MONTH = 730;

/** Thousandths: quantities are whole numbers of them, so that half a GB or a third of a load balancer unit is exact enough. */
export const MILLI = 1000;

const MICRO = 1_000_000;

/** What an amount is at least, most likely and at most: of a quantity, or of money in micro-USD. Whole numbers. */
export interface Bounds {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export const NOTHING: Bounds = { low: 0, expected: 0, high: 0 };

/** A quantity that is known, in its unit. */
export function exactly(quantity: number): Bounds {
  return between(quantity, quantity, quantity);
}

/** A quantity that is not known, in its unit. @returns thousandths of it. */
export function between(low: number, expected: number, high: number): Bounds {
  return { low: milli(low), expected: milli(expected), high: milli(high) };
}

function milli(quantity: number): number {
  return Math.round(quantity * MILLI);
}

/** Each bound through the same function. */
export function eachBound(bounds: Bounds, change: (value: number) => number): Bounds {
  return { low: change(bounds.low), expected: change(bounds.expected), high: change(bounds.high) };
}

export function sumOf(all: readonly Bounds[]): Bounds {
  let [low, expected, high] = [0, 0, 0];
  for (const bounds of all) {
    low += bounds.low;
    expected += bounds.expected;
    high += bounds.high;
  }
  return { low, expected, high };
}

/** `a - b`, bound by bound. */
export function difference(a: Bounds, b: Bounds): Bounds {
  return { low: a.low - b.low, expected: a.expected - b.expected, high: a.high - b.high };
}

export function isNothing({ low, expected, high }: Bounds): boolean {
  return low === NOTHING.low && expected === NOTHING.expected && high === NOTHING.high;
}

/**
 * What a quantity costs, in whole millionths of the price's currency, rounded to the nearest, half up.
 *
 * @param priceNano thousand-millionths of the currency for one unit: prices have up to ten decimals.
 * @param quantityMilli thousandths of the unit.
 * @param parts of a price for a longer time than a month, how many months it has. @default 1
 */
export function priceOf(priceNano: number, quantityMilli: number, parts = 1): number {
  const divisor = 1_000_000n * BigInt(parts);
  return Number((2n * BigInt(priceNano) * BigInt(quantityMilli) + divisor) / (2n * divisor));
}

/**
 * An amount in the other direction of a rate.
 *
 * @param micro millionths of a currency of which `ratePerUsdMicro` millionths are one USD.
 * @returns micro-USD, rounded to the nearest.
 */
export function toUsd(micro: number, ratePerUsdMicro: number): number {
  return divided(BigInt(micro) * BigInt(MICRO), BigInt(ratePerUsdMicro));
}

/** Micro-USD as millionths of another currency, rounded to the nearest. */
export function fromUsd(microUsd: number, ratePerUsdMicro: number): number {
  return divided(BigInt(microUsd) * BigInt(ratePerUsdMicro), BigInt(MICRO));
}

function divided(value: bigint, by: bigint): number {
  const sign = value < 0n ? -1n : 1n;
  return Number((sign * (2n * sign * value + by)) / (2n * by));
}

/**
 * Divides an amount by weights so that the parts are whole and their sum is the amount: what is left over after rounding
 * down goes to the largest remainders, the first of equals first.
 *
 * @param weights whole numbers, none negative; where all are 0 they count as equal.
 */
export function divide(amount: number, weights: readonly number[]): readonly number[] {
  if (weights.length === 0) return [];
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const counted = all === 0 ? weights.map(() => 1) : weights;
  const total = BigInt(all === 0 ? weights.length : all);
  const exact = counted.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = exact.map((value) => Number(value / total));
  const left = amount - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1));
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
