import type { Settings } from "@breakwater/runtime/settings";
import { type AssumptionName, assumptionLine } from "./assumptions.ts";
import { declaredRates } from "./declared.ts";
import { lineOf, type PricedLine, type Rates, type UnpricedLine } from "./line.ts";
import type { Category, MeterContext, Metered } from "./meter.ts";
import { contextOf, meterResource } from "./metering.ts";
import { systemUsage } from "./meters/dgx.ts";
import { type Bounds, NOTHING, sumOf } from "./money.ts";
import { type PriceBook, shippedPriceBook } from "./price-book.ts";
import type { CostedResource } from "./resource.ts";
import { splitKey, type TenantCost, tenantCosts } from "./tenants.ts";
import { requestsByTenant, tokenCostOf } from "./tokens.ts";
import { priceWarnings } from "./warnings.ts";

export type { PricedLine, Rates, UnpricedLine } from "./line.ts";
export type { CostedResource } from "./resource.ts";

/** What an estimate is made for. */
export interface EstimateOptions {
  /** UTC, `2026-11-24`: prices are those of this day, and old ones are named. */
  readonly day: string;
  /** @default what the settings say: `people`, or those of the size */
  readonly people?: number;
  /** Units of a currency for one USD, in millionths, before those of the settings. Without CNY, what is priced in it is unpriced. */
  readonly rates?: Rates;
  /** Hours a month in which nodes with GPUs run. @default those of the settings, else all of them, as an assumption */
  readonly gpuHours?: number;
  /** @default the one of this checkout */
  readonly book?: PriceBook;
}

/** What an environment costs in a month of 730 hours. All money is whole micro-USD, and every sum is the sum of its lines. */
export interface Estimate {
  readonly topology: string;
  readonly region: string;
  readonly people: number;
  readonly day: string;
  readonly total: Bounds;
  readonly byCategory: Readonly<Partial<Record<Category, Bounds>>>;
  readonly lines: readonly PricedLine[];
  readonly unpriced: readonly UnpricedLine[];
  /** What costs nothing by itself, by type and reason. */
  readonly free: readonly { readonly type: string; readonly count: number; readonly reason: string }[];
  /** How shared costs are split among tenants. */
  readonly split: string;
  readonly tenants: readonly TenantCost[];
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
  readonly notCovered: readonly string[];
}

/** People of a size, as the setting `deployment.size` says them. */
const PEOPLE: Readonly<Record<Settings["deployment"]["size"], number>> = { small: 5, medium: 50, large: 500 };

/** What no estimate from a plan can hold. */
const NOT_COVERED: readonly string[] = [
  "taxes, discounts, commitments and free tiers",
  "people who run it, and support contracts with the cloud",
  "services outside the plan: identity provider, mail, SIEM, registries and model contracts with a minimum",
  "traffic between zones",
];

/** Servers that stand in the company's own house. */
const OWN_SERVERS = "servers without GPUs, network and rooms of the company's own";

/**
 * What a plan costs in a month. Pure: the same plan, settings and options always cost the same.
 *
 * @throws ProblemError `cost/broken-price-book`.
 */
export function estimateOf(
  resources: readonly CostedResource[],
  settings: Settings,
  options: EstimateOptions,
): Estimate {
  const people = options.people ?? settings.deployment.people ?? PEOPLE[settings.deployment.size];
  const gpuHours = options.gpuHours ?? settings.cost.gpu_hours;
  const context = contextOf(resources, settings, { people, gpuHours });
  const key = splitKey(
    settings.multi_tenant.tenants.map(({ id }) => id),
    settings.cost.requests_monthly,
  );
  const book = options.book ?? shippedPriceBook();
  const ledger = new Ledger(context, book, { ...declaredRates(settings), ...options.rates });
  for (const resource of resources) {
    if (resource.custom === false) continue;
    ledger.add(resource, meterResource(resource, context));
  }
  if (settings.deployment.topology === "dgx") ledger.add(DGX, systemUsage(resources, context));
  addTokens(ledger, context, options.day);
  const { lines, unpriced } = ledger;
  return {
    ...{ topology: settings.deployment.topology, region: context.region, people, day: options.day },
    total: sumOf(lines.map(({ microUsd }) => microUsd)),
    byCategory: byCategory(lines),
    ...{ lines, unpriced, free: ledger.freeTypes() },
    split: key.says,
    tenants: tenantCosts(Object.keys(key.weights), lines, unpriced, key),
    assumptions: assumptionsOf(lines, people),
    warnings: priceWarnings(lines, options.day),
    notCovered: [...NOT_COVERED, ...(context.provider === "" ? [OWN_SERVERS] : [])],
  };
}

/** What is no resource of the plan and has to be there for it. */
const DGX: CostedResource = { urn: "systems", type: "breakwater:cost:DgxSystems", name: "", inputs: {} };

/** Lines as they come, each with an id of its own. */
class Ledger {
  readonly lines: PricedLine[] = [];
  readonly unpriced: UnpricedLine[] = [];
  readonly #free = new Map<string, Map<string, number>>();
  readonly #place: {
    readonly book: PriceBook;
    readonly provider: string;
    readonly region: string;
    readonly rates: Rates;
  };

  constructor({ provider, region }: MeterContext, book: PriceBook, rates: Rates) {
    this.#place = { book, provider, region, rates };
  }

  add({ urn, type, name }: CostedResource, all: readonly Metered[]): void {
    for (const [number, metered] of all.entries()) {
      if (metered.kind === "free") {
        this.addFree(type, metered.reason);
        continue;
      }
      const { what, category, tenant } = metered;
      const origin = {
        ...{ id: `${urn}#${number}`, resource: name, type, what, category },
        ...(tenant === undefined ? {} : { tenant }),
      };
      if (metered.kind === "unpriced") this.unpriced.push({ ...origin, reason: metered.reason });
      else this.push(lineOf(origin, metered, this.#place));
    }
  }

  push(line: PricedLine | UnpricedLine): void {
    if ("microUsd" in line) this.lines.push(line);
    else this.unpriced.push(line);
  }

  addFree(type: string, reason: string): void {
    let reasons = this.#free.get(type);
    if (reasons === undefined) {
      reasons = new Map();
      this.#free.set(type, reasons);
    }
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }

  freeTypes(): Estimate["free"] {
    return [...this.#free]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([type, reasons]) => [...reasons].map(([reason, count]) => ({ type, count, reason })));
  }
}

const TOKENS_TYPE = "breakwater:cost:ModelTokens";

function addTokens(ledger: Ledger, { settings, people }: MeterContext, day: string): void {
  const { tenants } = settings.multi_tenant;
  const requests = requestsByTenant(settings, people);
  for (const [index, tenant] of tenants.entries()) {
    const own = requests[index] ?? NOTHING;
    const cost = tokenCostOf(tenant, own, settings, day);
    if (cost.kind === "free") {
      ledger.addFree(TOKENS_TYPE, cost.reason);
      continue;
    }
    const origin = {
      ...{ id: `tokens:${tenant.id}`, resource: tenant.id, type: TOKENS_TYPE },
      ...{ what: cost.what, category: "tokens" as const, tenant: tenant.id },
    };
    if (cost.kind === "unpriced") ledger.push({ ...origin, reason: cost.reason });
    else {
      const { microUsd, sources, assumptions } = cost;
      ledger.push({
        ...{ ...origin, microUsd, assumptions, priceDay: day, source: sources.join("; ") },
        confidence: "medium",
        assumed: [`at most the tenant's budget of ${tenant.max_api_budget_monthly_usd} USD`],
      });
    }
  }
}

function byCategory(lines: readonly PricedLine[]): Estimate["byCategory"] {
  const found = new Map<Category, Bounds[]>();
  for (const { category, microUsd } of lines) {
    const known = found.get(category);
    if (known === undefined) found.set(category, [microUsd]);
    else known.push(microUsd);
  }
  return Object.fromEntries([...found].map(([category, all]) => [category, sumOf(all)]));
}

/** Each assumption once, those that many lines share first. */
function assumptionsOf(lines: readonly PricedLine[], people: number): readonly string[] {
  const names = new Set<AssumptionName>(lines.flatMap(({ assumptions }) => assumptions));
  const own = new Map<string, Set<string>>();
  for (const { assumed, what } of lines) {
    for (const says of assumed) own.set(says, (own.get(says) ?? new Set()).add(what));
  }
  return [
    `${people} people`,
    ...[...names].sort().map(assumptionLine),
    ...[...own].map(([says, whats]) => `${[...whats].join(", ")}: ${says}`),
  ];
}
