import type { Estimate } from "./estimate.ts";
import type { Category } from "./meter.ts";
import { type Bounds, sumOf } from "./money.ts";
import { formatUsd } from "./text.ts";

/** Numbers of people that the source has columns for. */
export const SOURCE_PEOPLE = [5, 50, 500] as const;
export type SourcePeople = (typeof SOURCE_PEOPLE)[number];

type Item = "servers" | "model API" | "voice (Vapi)" | "monitoring" | "NemoClaw licence" | "total";

/** USD a month, as the source has them; null: not applicable, or to be asked for. */
const SOURCE: Readonly<Record<Item, Readonly<Record<SourcePeople, number | null>>>> = {
  servers: { 5: 50, 50: 300, 500: 2_000 },
  "model API": { 5: 100, 50: 1_000, 500: 10_000 },
  "voice (Vapi)": { 5: 0, 50: 200, 500: 2_000 },
  monitoring: { 5: 0, 50: 100, 500: 500 },
  "NemoClaw licence": { 5: null, 50: null, 500: null },
  total: { 5: 150, 50: 1_600, 500: 14_500 },
};

/** What of ours an item of the source's is; servers are the rest. */
const CATEGORIES: Readonly<Partial<Record<Item, readonly Category[]>>> = {
  "model API": ["tokens"],
  monitoring: ["observability"],
  "NemoClaw licence": ["licence"],
};

/** One item of the source's table beside ours, with why they differ. */
export interface SourceRow {
  readonly item: Item;
  /** Null where the source has no figure. */
  readonly sourceMicroUsd: number | null;
  readonly ours: Bounds;
  readonly why: string;
}

/** The source's column that is nearest to a number of people, by ratio. */
export function sourceColumn(people: number): SourcePeople {
  return people <= 15 ? 5 : people <= 158 ? 50 : 500;
}

/** The source's table of costs beside an estimate; every row that differs says why, from the estimate's own lines. */
export function sourceTable(estimate: Estimate): readonly SourceRow[] {
  const column = sourceColumn(estimate.people);
  return (Object.keys(SOURCE) as Item[]).map((item) => {
    const usd = SOURCE[item][column];
    return {
      item,
      sourceMicroUsd: usd === null ? null : usd * 1_000_000,
      ours: oursOf(item, estimate),
      why: WHY[item](estimate, column),
    };
  });
}

function oursOf(item: Item, { byCategory, total }: Estimate): Bounds {
  if (item === "total") return total;
  if (item === "voice (Vapi)") return sumOf([]);
  const elsewhere = Object.values(CATEGORIES).flat();
  const own = CATEGORIES[item];
  return sumOf(
    Object.entries(byCategory).flatMap(([category, bounds]) => {
      const belongs =
        own === undefined ? !elsewhere.includes(category as Category) : own.includes(category as Category);
      return belongs ? [bounds] : [];
    }),
  );
}

const WHY: Readonly<Record<Item, (estimate: Estimate, column: SourcePeople) => string>> = {
  servers: (estimate) => {
    const { byCategory, unpriced } = estimate;
    const parts = (Object.entries(byCategory) as [Category, Bounds][])
      .filter(([category]) => !Object.values(CATEGORIES).flat().includes(category))
      .sort(([, a], [, b]) => b.expected - a.expected)
      .map(([category, { expected }]) => `${category} ${formatUsd(expected)}`);
    const missing = unpriced.filter(({ category }) => category !== "tokens").length;
    const rest = missing === 0 ? "" : `; ${missing} lines have no price and are not in it`;
    if (parts.length === 0) return `nothing here is rented${rest}`;
    return `the source counts plain servers; ours are ${parts.join(", ")}${rest}`;
  },
  "model API": ({ people, byCategory, free }, column) => {
    const own = free.find(({ type }) => type === "breakwater:cost:ModelTokens");
    if (byCategory.tokens === undefined) return own?.reason ?? "no model has a price";
    const each = formatUsd(Math.round(byCategory.tokens.expected / people));
    const theirs = formatUsd(Math.round(((SOURCE["model API"][column] ?? 0) * 1_000_000) / column));
    return `${each} a person with the models of the settings, where the source has ${theirs} a person; never above the tenants' budgets`;
  },
  "voice (Vapi)": () =>
    "Breakwater deploys no voice: who adds it pays Vapi 0.05 USD a minute, and speech and telephony",
  monitoring: ({ byCategory }) =>
    byCategory.observability === undefined
      ? "metrics, alerts and logs run on the nodes, which are counted with the servers"
      : "logs of the cloud; metrics and alerts run on the nodes, which are counted with the servers",
  "NemoClaw licence": ({ byCategory }) =>
    byCategory.licence === undefined
      ? "no part of this environment needs a licence of NVIDIA's"
      : "NVIDIA AI Enterprise by list price for each GPU that NIM uses, where the source says to ask NVIDIA",
  total: ({ people }, column) =>
    people === column
      ? "the sum of the rows above"
      : `the sum of the rows above; ours is for ${people} people, the source's for ${column}`,
};
