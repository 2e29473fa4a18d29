const MILLION = 1_000_000;

/** What tokens of one model cost, in micro-USD for a million of them. */
export interface Price {
  readonly inputMicroUsd: number;
  /** Of input that the provider had cached; never more than `inputMicroUsd`. */
  readonly cachedInputMicroUsd: number;
  readonly outputMicroUsd: number;
  /** Dearer prices of whole requests with more input tokens than `above`, in rising order. */
  readonly tiers?: readonly PriceTier[];
  /** Requests with more input tokens have no known price. @default any number has */
  readonly knownUpTo?: number;
}

export interface PriceTier {
  readonly above: number;
  readonly inputMicroUsd: number;
  readonly outputMicroUsd: number;
}

/** Tokens of one request, as its provider counts them. */
export interface Tokens {
  readonly tokensIn: number;
  /** The part of `tokensIn` that came out of the provider's cache. */
  readonly cachedIn: number;
  readonly tokensOut: number;
}

/** For models that cost nothing a token: the stand-in, and models on the company's own GPUs. */
export const FREE: Price = { inputMicroUsd: 0, cachedInputMicroUsd: 0, outputMicroUsd: 0 };

/** Cost of one request in whole micro-USD, rounded up: what is counted is never less than what is billed. */
export function costMicroUsd(price: Price, { tokensIn, cachedIn, tokensOut }: Tokens): number {
  let { inputMicroUsd, outputMicroUsd, cachedInputMicroUsd } = price;
  if (price.tiers !== undefined) {
    for (const tier of price.tiers) {
      if (tokensIn <= tier.above) break;
      // Nothing is known of cached input in a dearer tier: it costs what other input costs.
      ({ inputMicroUsd, outputMicroUsd } = tier);
      cachedInputMicroUsd = inputMicroUsd;
    }
  }
  const parts = (tokensIn - cachedIn) * inputMicroUsd + cachedIn * cachedInputMicroUsd + tokensOut * outputMicroUsd;
  return Math.ceil(parts / MILLION);
}
