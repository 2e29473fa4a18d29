import type { Settings } from "@breakwater/runtime/settings";
import type { AssumptionName } from "./assumptions.ts";
import type { Bounds } from "./money.ts";
import type { CostedResource } from "./resource.ts";

/** What money is spent on. */
export const CATEGORIES = [
  "compute",
  "gpu",
  "kubernetes",
  "network",
  "storage",
  "database",
  "security",
  "observability",
  "registry",
  "tokens",
  "licence",
  "support",
  "power",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** A quantity of something that the price book may have a price for. */
export interface Usage {
  readonly kind: "usage";
  /** For people: `m7i.xlarge, pool system`. */
  readonly what: string;
  readonly category: Category;
  /** As in the price book. */
  readonly sku: string;
  /** @default the provider of the environment */
  readonly provider?: string;
  /** Thousandths of the price's unit in a month. */
  readonly quantity: Bounds;
  /** Months that the price is for, where it is for longer than one. @default 1 */
  readonly months?: number;
  readonly assumptions?: readonly AssumptionName[];
  /** What else is assumed of this line alone. */
  readonly assumed?: string;
  /** Id of the tenant whose cost it is; left out: shared. */
  readonly tenant?: string;
}

/** Costs nothing, or nothing by itself, and why. */
export interface Free {
  readonly kind: "free";
  readonly reason: string;
}

/** Costs something, and nobody knows what. */
export interface Unpriced {
  readonly kind: "unpriced";
  readonly what: string;
  readonly category: Category;
  readonly reason: string;
  readonly tenant?: string;
}

export type Metered = Usage | Free | Unpriced;

/** What a claim on a StorageClass takes its space of. */
export type Volume =
  | { readonly category: Category; readonly what: string; readonly sku: string }
  | Free
  | Omit<Unpriced, "tenant">;

/** What meters know beside the resource. */
export interface MeterContext {
  /** As in the price book: `aws`, `aws-cn`, `alicloud`, `tencentcloud`; empty where nothing is rented. */
  readonly provider: string;
  readonly region: string;
  readonly settings: Settings;
  readonly people: number;
  /** Hours a month in which nodes with GPUs run, where that is declared. */
  readonly gpuHours: number | undefined;
  readonly resource: (urn: string) => CostedResource | undefined;
  readonly volume: (storageClass: string) => Volume;
  /** Id of the tenant that a namespace is of. */
  readonly tenantOf: (namespace: string | undefined) => string | undefined;
  /** How many resources of a type there are, and whether this is the first: what is metered once is metered there. */
  readonly isFirst: (resource: CostedResource) => boolean;
}

/** What one resource costs a month, before prices. @throws Unreadable */
export type Meter = (resource: CostedResource, context: MeterContext) => readonly Metered[];

/** The resource types of one provider. */
export interface Meters {
  /** What the types begin with, such as `aws:`. */
  readonly prefix: string;
  readonly meters: Readonly<Record<string, Meter>>;
  /** Types that cost nothing by themselves, with the reason. */
  readonly free: Readonly<Record<string, string>>;
  /** What every other type with the prefix is; left out: it has no meter, and is unpriced. */
  readonly others?: Free;
}

export function usage(what: Omit<Usage, "kind">): Usage {
  return { kind: "usage", ...what };
}

export function free(reason: string): Free {
  return { kind: "free", reason };
}

export function unpriced(category: Category, what: string, reason: string): Unpriced {
  return { kind: "unpriced", category, what, reason };
}

/** A meter of things that nobody has a price for. */
export function noPrice(category: Category, what: string, reason = "the price book has no price for it"): Meter {
  return () => [unpriced(category, what, reason)];
}
