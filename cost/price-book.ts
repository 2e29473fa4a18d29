import { type Problem, ProblemError } from "@breakwater/runtime/problems";
import { z } from "zod";
import pricebook from "./pricebook.json" with { type: "json" };

/** Currencies of list prices. */
export const BOOK_CURRENCIES = ["USD", "CNY"] as const;
export type BookCurrency = (typeof BOOK_CURRENCIES)[number];

/** high: seen in the source; medium: derived, or in a second-hand source; low: from memory, or a placeholder. */
export const CONFIDENCES = ["high", "medium", "low"] as const;
export type Confidence = (typeof CONFIDENCES)[number];

const NANO = 1_000_000_000;

const name = z.string().min(1).max(200);
const index = z.number().int().min(0);

/** Provider, region, sku, category, unit, price, currency, confidence, day of the source, source, and a note where there is one. */
const row = z.tuple([
  name,
  name,
  name,
  name,
  name,
  z.number().min(0).max(1_000_000).nullable(),
  z.enum(BOOK_CURRENCIES),
  z.enum(CONFIDENCES),
  z.iso.date().nullable(),
  index,
  index.optional(),
]);

const file = z.strictObject({
  read: z.iso.date(),
  sources: z.array(name),
  notes: z.array(name),
  rows: z.array(z.unknown()),
});

/** One list price without tax or discount. */
export interface BookRow {
  readonly provider: string;
  /** The provider's own word, or `cn-mainland`, `global`, `any` for prices that hold in many. */
  readonly region: string;
  readonly sku: string;
  readonly category: string;
  readonly unit: string;
  /** Thousand-millionths of the currency for one unit; null: no usable figure, and never nothing. */
  readonly priceNano: number | null;
  readonly currency: BookCurrency;
  readonly confidence: Confidence;
  /** Day of the source, or the first that it can be of; null where the source has none. */
  readonly day: string | null;
  readonly source: string;
  readonly note?: string;
}

export interface PriceBook {
  /** Day on which the sources were read. */
  readonly read: string;
  readonly rows: readonly BookRow[];
  readonly find: (provider: string, region: string, sku: string) => BookRow | undefined;
  /** Rows of a provider, region by region. */
  readonly regions: (provider: string) => ReadonlyMap<string, ReadonlyMap<string, BookRow>>;
}

/**
 * Reads a price book.
 *
 * @throws ProblemError `cost/broken-price-book`, with every broken row by its number and what it is of.
 */
export function readPriceBook(content: unknown): PriceBook {
  const parsed = file.safeParse(content);
  if (!parsed.success) throw broken(parsed.error.issues.map((issue) => problem("pricebook.json", issue.message)));
  const { read, sources, notes, rows: raw } = parsed.data;
  const problems: Problem[] = [];
  const rows: BookRow[] = [];
  const index = new Map<string, Map<string, Map<string, BookRow>>>();
  for (const [number, item] of raw.entries()) {
    const found = row.safeParse(item);
    const path = `pricebook.json rows[${number}] ${JSON.stringify(Array.isArray(item) ? item.slice(0, 3).join(" ") : item)}`;
    if (!found.success) {
      problems.push(...found.error.issues.map((issue) => problem(path, fault(issue))));
      continue;
    }
    const [provider, region, sku, category, unit, price, currency, confidence, day, sourceIndex, noteIndex] =
      found.data;
    const [source, note] = [sources[sourceIndex], noteIndex === undefined ? undefined : notes[noteIndex]];
    if (source === undefined) problems.push(problem(path, `source ${sourceIndex}, which is not in the list`));
    if (noteIndex !== undefined && note === undefined)
      problems.push(problem(path, `note ${noteIndex}, which is not in the list`));
    const bySku = regionOf(index, provider, region);
    if (bySku.has(sku)) problems.push(problem(path, "a second row for the same thing"));
    const priceNano = price === null ? null : Math.round(price * NANO);
    const entry = { provider, region, sku, category, unit, priceNano, currency, confidence, day, source: source ?? "" };
    const complete = note === undefined ? entry : { ...entry, note };
    bySku.set(sku, complete);
    rows.push(complete);
  }
  if (problems.length > 0) throw broken(problems);
  return {
    read,
    rows,
    find: (provider, region, sku) => index.get(provider)?.get(region)?.get(sku),
    regions: (provider) => index.get(provider) ?? new Map(),
  };
}

const COLUMNS = [
  "provider",
  "region",
  "sku",
  "category",
  "unit",
  "price",
  "currency",
  "confidence",
  "day",
  "source",
  "note",
];

function fault({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  const column = COLUMNS[Number(path[0])];
  return column === undefined ? message : `${column}: ${message}`;
}

function regionOf(
  index: Map<string, Map<string, Map<string, BookRow>>>,
  provider: string,
  region: string,
): Map<string, BookRow> {
  const byRegion = index.get(provider) ?? new Map<string, Map<string, BookRow>>();
  const bySku = byRegion.get(region) ?? new Map<string, BookRow>();
  index.set(provider, byRegion.set(region, bySku));
  return bySku;
}

function problem(path: string, got: string): Problem {
  return {
    code: "cost/broken-price-book",
    path,
    got,
    expected:
      "[provider, region, sku, category, unit, price or null, currency, confidence, day or null, source, note?]",
    remedy: "mend the row, or take it out: what has no row is shown as unpriced",
  };
}

function broken(problems: readonly Problem[]): ProblemError {
  return new ProblemError(problems as readonly [Problem, ...Problem[]]);
}

let shipped: PriceBook | undefined;

/** The price book of this checkout, read once. */
export function shippedPriceBook(): PriceBook {
  shipped ??= readPriceBook(pricebook);
  return shipped;
}
