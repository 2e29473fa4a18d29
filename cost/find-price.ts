import type { BookRow, Confidence, PriceBook } from "./price-book.ts";

/** A price for a place, and how far it is that place's. */
export interface FoundPrice {
  readonly row: BookRow;
  readonly confidence: Confidence;
  /**
   * Where the row is of another region: how much dearer this region is, in thousandths, over everything that both have a
   * price for. Left out where the row is of this region.
   */
  readonly elsewhere?: {
    readonly low: number;
    readonly expected: number;
    readonly high: number;
    readonly basis: string;
  };
}

/** Regions whose price stands for another region of the same provider and currency, the first first. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  aws: ["us-east-1"],
  "aws-cn": ["cn-north-1"],
  alicloud: ["cn-hangzhou", "cn-beijing", "cn-shanghai", "cn-chengdu"],
  tencentcloud: ["ap-guangzhou"],
};

/** Regions for which the rows of `cn-mainland` are. */
const MAINLAND = /^(cn-(?!hongkong)|ap-(guangzhou|shanghai|beijing|chengdu|chongqing|nanjing|shenzhen))/;

const SAME = 1000;

/** Traffic differs between regions by far more than machines and services do, and always has a price of its own. */
const TRANSFER = "transfer";

/**
 * The price of a thing in a region: the region's own, that of all regions, or one of a reference region with what is known
 * of the difference. Undefined where there is none: then the thing has no price, which is not a price of nothing.
 */
export function findPrice(
  book: PriceBook,
  { provider, region, sku }: { readonly provider: string; readonly region: string; readonly sku: string },
): FoundPrice | undefined {
  const places = [region, ...(MAINLAND.test(region) ? ["cn-mainland"] : []), "global", "any"];
  for (const place of places) {
    const row = book.find(provider, place, sku);
    if (row !== undefined) return { row, confidence: row.confidence };
  }
  for (const reference of REFERENCES[provider] ?? []) {
    const row = book.find(provider, reference, sku);
    if (row === undefined || !comparable(provider, region)) continue;
    return { row, confidence: "low", elsewhere: differenceOf(book, provider, reference, region) };
  }
  return undefined;
}

/** Prices on the mainland of China say nothing of prices elsewhere. */
function comparable(provider: string, region: string): boolean {
  return provider === "aws" || provider === "aws-cn" || MAINLAND.test(region);
}

const known = new WeakMap<PriceBook, Map<string, NonNullable<FoundPrice["elsewhere"]>>>();

function differenceOf(book: PriceBook, provider: string, reference: string, region: string) {
  const ofBook = known.get(book) ?? new Map<string, NonNullable<FoundPrice["elsewhere"]>>();
  known.set(book, ofBook);
  const key = `${provider} ${reference} ${region}`;
  const found = ofBook.get(key) ?? measured(book, provider, reference, region);
  ofBook.set(key, found);
  return found;
}

function measured(book: PriceBook, provider: string, reference: string, region: string) {
  const own = ratios(book, provider, reference, [region]);
  if (own.length > 0) {
    const basis = `price of ${reference}; ${region} costs ${times(own[0])} to ${times(own.at(-1))} of it, mostly ${times(middle(own))}, over the ${own.length} things that both have a price for`;
    return { low: own[0] ?? SAME, expected: middle(own), high: own.at(-1) ?? SAME, basis };
  }
  const others = [...book.regions(provider).keys()].filter((other) => other !== reference);
  const all = ratios(book, provider, reference, others);
  const high = Math.max(SAME, all.at(-1) ?? SAME);
  const most =
    all.length === 0
      ? "how the two differ is not known"
      : `at most ${times(high)} of it, the largest difference that is known`;
  const basis = `price of ${reference}, because none of ${region} is known; ${most}`;
  return { low: Math.min(SAME, all[0] ?? SAME), expected: SAME, high, basis };
}

/** What things cost in `regions`, in thousandths of what they cost in the reference, in rising order. */
function ratios(book: PriceBook, provider: string, reference: string, regions: readonly string[]): readonly number[] {
  const base = book.regions(provider).get(reference) ?? new Map<string, BookRow>();
  return regions
    .flatMap((region) => [...(book.regions(provider).get(region) ?? new Map<string, BookRow>())])
    .flatMap(([sku, row]) => {
      const price = base.get(sku);
      if (price === undefined || !price.priceNano || row.priceNano === null || row.category === TRANSFER) return [];
      return price.currency === row.currency ? [Math.round((row.priceNano * SAME) / price.priceNano)] : [];
    })
    .sort((a, b) => a - b);
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? SAME;
}

function times(ratio: number | undefined): string {
  return ((ratio ?? SAME) / SAME).toFixed(2);
}
