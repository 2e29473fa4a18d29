const MICRO = 1_000_000;

/** Largest amount in USD that is exact in micro-USD with room to add: a thousand million. */
export const MAX_USD = 1_000_000_000;

/** Whether a number of USD is a whole number of micro-USD. */
export function isWholeMicroUsd(usd: number): boolean {
  return Math.round(usd * MICRO) / MICRO === usd;
}

/**
 * USD as the integer micro-USD in which all money is counted.
 * @throws RangeError when `usd` is no whole number of micro-USD, is negative or is above {@link MAX_USD}.
 */
export function microUsd(usd: number): number {
  if (!(usd >= 0 && usd <= MAX_USD && isWholeMicroUsd(usd))) {
    throw new RangeError(`got ${usd} USD; expected 0 to ${MAX_USD} with at most 6 decimals`);
  }
  return Math.round(usd * MICRO);
}
