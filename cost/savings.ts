import type { Settings } from "@breakwater/runtime/settings";
import { ASSUMPTIONS } from "./assumptions.ts";
import type { Estimate } from "./estimate.ts";
import type { ModelRef } from "./model-price.ts";
import { HOURS_A_MONTH, priceOf } from "./money.ts";
import { type PriceBook, shippedPriceBook } from "./price-book.ts";
import { formatUsd } from "./text.ts";
import { requestMicroUsd, requestsByTenant, type Tenant, tokenCostOf } from "./tokens.ts";

/** A way to spend less, with the sum that shows it. */
export interface Saving {
  readonly id: "cheap-first" | "cache" | "on-premise" | "spot" | "schedule";
  readonly says: string;
  /** How the figure comes about, so that a reader can put in other numbers. */
  readonly arithmetic: string;
  /** A month, at the expected use. Of what is one purchase: 0. */
  readonly savesMicroUsd: number;
  /** Month in which a purchase has paid for itself. */
  readonly paidInMonth?: number;
}

/** How much cheaper spot machines are taken to be; the price book has no spot prices. */
const SPOT_PERCENT = 60;

/** Work hours of a month: 22 days of 12 hours. */
const WORK_HOURS = 264;

const CACHE_PERCENT = 10;

/**
 * What could be saved, most first; each is computed from the estimate's own lines and assumptions, and none is counted
 * on.
 */
export function savingsOf(
  estimate: Estimate,
  settings: Settings,
  { book = shippedPriceBook() }: { readonly book?: PriceBook } = {},
): readonly Saving[] {
  return [
    ...cheapFirst(estimate, settings),
    ...cache(estimate, settings),
    ...onPremise(estimate, book),
    ...spot(estimate),
    ...schedule(estimate),
  ].sort((a, b) => b.savesMicroUsd - a.savesMicroUsd);
}

/** The cheap model first, for tenants that do not have it, with the cheapest model that the environment uses already. */
function cheapFirst(estimate: Estimate, settings: Settings): readonly Saving[] {
  const { tenants } = settings.multi_tenant;
  const requests = requestsByTenant(settings, estimate.people);
  const cheapest = cheapestModel(tenants, settings, estimate.day);
  if (cheapest === undefined) return [];
  return tenants.flatMap((tenant, index): readonly Saving[] => {
    const use = requests[index];
    if (use === undefined || tenant.llm_config.cheap_first !== undefined) return [];
    const cheap: Tenant = {
      ...tenant,
      llm_config: { ...tenant.llm_config, cheap_first: { ...cheapest.ref, max_prompt_bytes: 65_536 } },
    };
    const [now, then] = [tenant, cheap].map((each) => tokenCostOf(each, use, settings, estimate.day));
    if (now?.kind !== "priced" || then?.kind !== "priced") return [];
    const saves = now.microUsd.expected - then.microUsd.expected;
    if (saves <= 0) return [];
    const share = ASSUMPTIONS.cheapShare.expected;
    return [
      {
        id: "cheap-first",
        says: `${tenant.id}: ask ${cheapest.ref.model} first (llm_config.cheap_first)`,
        arithmetic: `${share} % of ${use.expected} requests at ${formatUsd(cheapest.microUsd * 1000)} a thousand instead of ${tenant.llm_config.model}: ${formatUsd(now.microUsd.expected)} becomes ${formatUsd(then.microUsd.expected)}`,
        savesMicroUsd: saves,
      },
    ];
  });
}

function cheapestModel(tenants: readonly Tenant[], settings: Settings, day: string) {
  const all: readonly ModelRef[] = tenants.flatMap(
    ({ llm_config: { provider, model, fallbacks, cheap_first: cheap } }) => [
      { provider, model },
      ...fallbacks,
      ...(cheap === undefined ? [] : [{ provider: cheap.provider, model: cheap.model }]),
    ],
  );
  let best: { readonly ref: ModelRef; readonly microUsd: number } | undefined;
  for (const { provider, model } of all) {
    const microUsd = requestMicroUsd({ provider, model }, settings, day);
    if (microUsd === undefined || microUsd === 0) continue;
    if (best === undefined || microUsd < best.microUsd) best = { ref: { provider, model }, microUsd };
  }
  return best;
}

/** What each tenth of requests that the cache answers is worth, to tenants without one. */
function cache({ lines }: Estimate, settings: Settings): readonly Saving[] {
  const without = settings.multi_tenant.tenants.filter(({ llm_config }) => llm_config.cache_ttl_seconds === undefined);
  const ids = new Set(without.map(({ id }) => id));
  const tokens = expected(lines.filter(({ category, tenant }) => category === "tokens" && ids.has(tenant ?? "")));
  const saves = Math.floor((tokens * CACHE_PERCENT) / 100);
  if (saves === 0) return [];
  return [
    {
      id: "cache",
      says: `a cache for ${[...ids].join(", ")} (llm_config.cache_ttl_seconds)`,
      arithmetic: `every ${CACHE_PERCENT} % of requests that it answers are ${CACHE_PERCENT} % of ${formatUsd(tokens)}; how many repeat, only your own metrics say`,
      savesMicroUsd: saves,
    },
  ];
}

/** When a DGX system of one's own has paid for itself, in place of the tokens and rented GPUs of this estimate. */
function onPremise({ topology, byCategory }: Estimate, book: PriceBook): readonly Saving[] {
  if (topology === "dgx" || topology === "local") return [];
  const nano = (sku: string) => book.find("onprem-dgx", "any", sku)?.priceNano;
  const [system, support, power] = [
    "dgx-h100.sale-price-estimate",
    "dgx-h100.support.hourly",
    "dgx-h100.power.hourly",
  ].map(nano);
  if (!system || !support || !power) return [];
  const price = priceOf(system, 1000);
  const drawn = (HOURS_A_MONTH * 1000 * ASSUMPTIONS.power.expected) / 100;
  const running = priceOf(support, HOURS_A_MONTH * 1000) + priceOf(power, drawn);
  const replaced = (byCategory.tokens?.expected ?? 0) + (byCategory.gpu?.expected ?? 0);
  if (replaced === 0) return [];
  const sum = `${formatUsd(replaced)} a month for tokens and GPUs, less ${formatUsd(running)} for support and power`;
  if (replaced <= running) {
    return [
      {
        id: "on-premise",
        says: "a DGX H100 of your own does not pay for itself at this use",
        arithmetic: `${sum}: nothing is left to pay ${formatUsd(price)} with`,
        savesMicroUsd: 0,
      },
    ];
  }
  const month = Math.ceil(price / (replaced - running));
  return [
    {
      id: "on-premise",
      says: `a DGX H100 of your own pays for itself in month ${month}, if its models are good enough for you`,
      arithmetic: `${formatUsd(price)} / (${sum}); without staff, and without the licence of NIM`,
      savesMicroUsd: 0,
      paidInMonth: month,
    },
  ];
}

/** Sandboxes are made anew at any time; cells are not, and stay where they are. */
function spot(estimate: Estimate): readonly Saving[] {
  const sandboxes = expected(nodes(estimate, "sandbox"));
  const saves = Math.floor((sandboxes * SPOT_PERCENT) / 100);
  if (saves === 0) return [];
  return [
    {
      id: "spot",
      says: "spot machines for the sandbox pool; a sandbox that is taken away is made again",
      arithmetic: `${SPOT_PERCENT} % of ${formatUsd(sandboxes)}; the discount is assumed, spot prices are not in the price book`,
      savesMicroUsd: saves,
    },
  ];
}

function schedule(estimate: Estimate): readonly Saving[] {
  const stopped = [...nodes(estimate, "sandbox"), ...nodes(estimate, "gpu")];
  const total = expected(stopped);
  const saves = Math.floor((total * (HOURS_A_MONTH - WORK_HOURS)) / HOURS_A_MONTH);
  if (saves === 0) return [];
  return [
    {
      id: "schedule",
      says: "sandbox and GPU nodes in work hours alone",
      arithmetic: `${HOURS_A_MONTH - WORK_HOURS} of ${HOURS_A_MONTH} hours of ${formatUsd(total)}: 22 days of 12 hours stay`,
      savesMicroUsd: saves,
    },
  ];
}

function nodes({ lines }: Estimate, pool: string) {
  return lines.filter(
    ({ what, category }) => (category === "compute" || category === "gpu") && what.endsWith(`nodes, pool ${pool}`),
  );
}

function expected(lines: Estimate["lines"]): number {
  return lines.reduce((sum, { microUsd }) => sum + microUsd.expected, 0);
}
