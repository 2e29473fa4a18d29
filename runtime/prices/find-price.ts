import type { ModelPrice, ProviderKind } from "../settings/services.ts";
import { FREE, type Price } from "./price.ts";
import { type BookPrice, PRICE_BOOK } from "./price-book.ts";

/** A model at a provider, as far as its price goes. */
export interface PricedModel {
  readonly kind: ProviderKind;
  /** Exact host name of the provider. */
  readonly host: string;
  readonly model: string;
  /** Whether the provider runs inside the company's network. */
  readonly internal: boolean;
}

/** Servers that cost money by the hour and not by the token, when they are the company's own. */
const SELF_HOSTED: readonly ProviderKind[] = ["nim", "vllm"];

/**
 * The price of a model on a day: the company's own contract, or the price book's newest row that holds that day, or
 * nothing by the token for the stand-in and for models on the company's own machines.
 *
 * @param day UTC, as `2026-11-23`.
 * @returns undefined when no price is known: the caller refuses, it does not count as free.
 */
export function findPrice(
  what: PricedModel,
  day: string,
  contract: readonly ModelPrice[],
  book: readonly BookPrice[] = PRICE_BOOK,
): Price | undefined {
  const own = newest(
    contract.filter(({ kind, model, from }) => kind === what.kind && model === what.model && from <= day),
    ({ from }) => from,
  );
  if (own !== undefined) {
    return {
      inputMicroUsd: own.input_micro_usd,
      cachedInputMicroUsd: own.cached_input_micro_usd ?? own.input_micro_usd,
      outputMicroUsd: own.output_micro_usd,
    };
  }
  const listed = newest(
    book.filter(
      ({ host, model, source, currency, input, output }) =>
        host === what.host &&
        model === what.model &&
        source.from <= day &&
        source.confidence !== "unverified" &&
        currency === "USD" &&
        input !== null &&
        output !== null,
    ),
    ({ source }) => source.from,
  );
  if (listed !== undefined) return priceOf(listed);
  if (what.kind === "echo" || (what.internal && SELF_HOSTED.includes(what.kind))) return FREE;
  return undefined;
}

function priceOf({ input, cachedInput, output, tiers, knownUpTo }: BookPrice): Price | undefined {
  if (input === null || output === null) return undefined;
  return {
    inputMicroUsd: input,
    cachedInputMicroUsd: cachedInput ?? input,
    outputMicroUsd: output,
    ...(tiers === undefined ? {} : { tiers }),
    ...(knownUpTo === undefined ? {} : { knownUpTo }),
  };
}

/** Of rows that begin on the same day the first counts. */
function newest<T>(rows: readonly T[], from: (row: T) => string): T | undefined {
  return rows.reduce<T | undefined>(
    (best, row) => (best === undefined || from(row) > from(best) ? row : best),
    undefined,
  );
}
