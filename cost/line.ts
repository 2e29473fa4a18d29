import type { AssumptionName } from "./assumptions.ts";
import { type FoundPrice, findPrice } from "./find-price.ts";
import type { Category, Usage } from "./meter.ts";
import { type Bounds, priceOf, toUsd } from "./money.ts";
import type { BookCurrency, Confidence, PriceBook } from "./price-book.ts";

/** Whose line it is. */
interface Origin {
  /** Unique in an estimate, and the same in every plan that has the thing. */
  readonly id: string;
  /** Name of the resource; empty for what is no resource of the plan. */
  readonly resource: string;
  readonly type: string;
  readonly what: string;
  readonly category: Category;
  /** Left out: shared by all tenants. */
  readonly tenant?: string;
}

/** Something that costs money each month. */
export interface PricedLine extends Origin {
  readonly microUsd: Bounds;
  /** Left out of model tokens, whose price is by model. */
  readonly unitPrice?: {
    readonly sku: string;
    readonly unit: string;
    /** Thousand-millionths of the currency. */
    readonly nano: number;
    readonly currency: BookCurrency;
    readonly quantityMilli: Bounds;
    /** Region that the price is of. */
    readonly region: string;
  };
  /** Day of the price's source; null where it has none. */
  readonly priceDay: string | null;
  readonly source: string;
  readonly confidence: Confidence;
  readonly assumptions: readonly AssumptionName[];
  /** What is assumed of this line alone. */
  readonly assumed: readonly string[];
}

/** Something that costs money, and nobody knows how much: it is in no sum, and not nothing. */
export interface UnpricedLine extends Origin {
  readonly reason: string;
}

/** Units of a currency for one USD, in millionths. */
export type Rates = { readonly CNY?: number; readonly KRW?: number };

const SAME = 1000;

/** What one usage costs, or why that cannot be said. */
export function lineOf(
  origin: Origin,
  usage: Usage,
  {
    book,
    provider,
    region,
    rates,
  }: { readonly book: PriceBook; readonly provider: string; readonly region: string; readonly rates: Rates },
): PricedLine | UnpricedLine {
  const found = findPrice(book, { provider: usage.provider ?? provider, region, sku: usage.sku });
  if (found === undefined) return { ...origin, reason: `the price book has no ${usage.sku} in ${region}` };
  const { row } = found;
  const { priceNano } = row;
  if (priceNano === null)
    return { ...origin, reason: row.note ?? `the price book knows ${usage.sku}, and has no figure for it` };
  const rate = row.currency === "USD" ? undefined : rates[row.currency];
  if (row.currency !== "USD" && rate === undefined) {
    const price = `${priceNano / 1e9} ${row.currency} a ${row.unit}`;
    return { ...origin, reason: `its price is ${price}, and no rate is given: --rate ${row.currency}=N` };
  }
  const cost = (bound: keyof Bounds) => {
    const own = priceOf(
      priceNano * (found.elsewhere?.[bound] ?? SAME),
      usage.quantity[bound],
      SAME * (usage.months ?? 1),
    );
    return rate === undefined ? own : toUsd(own, rate);
  };
  return {
    ...origin,
    microUsd: { low: cost("low"), expected: cost("expected"), high: cost("high") },
    unitPrice: {
      ...{ sku: usage.sku, unit: row.unit, nano: priceNano, currency: row.currency },
      ...{ quantityMilli: usage.quantity, region: row.region },
    },
    priceDay: row.day,
    source: row.source,
    confidence: found.confidence,
    assumptions: usage.assumptions ?? [],
    assumed: [...(usage.assumed === undefined ? [] : [usage.assumed]), ...elsewhere(found)],
  };
}

function elsewhere({ elsewhere: other }: FoundPrice): readonly string[] {
  return other === undefined ? [] : [other.basis];
}
