import { costMicroUsd } from "@breakwater/runtime/prices";
import { microUsd, type Settings } from "@breakwater/runtime/settings/judged";
import { ASSUMPTIONS, type AssumptionName } from "./assumptions.ts";
import { type ModelRef, modelPriceOf } from "./model-price.ts";
import { type Bounds, divide, eachBound } from "./money.ts";

export type Tenant = Settings["multi_tenant"]["tenants"][number];

/** What a tenant's models cost a month. */
export type TokenCost =
  | {
      readonly kind: "priced";
      readonly microUsd: Bounds;
      readonly what: string;
      readonly sources: readonly string[];
      readonly assumptions: readonly AssumptionName[];
    }
  | { readonly kind: "free"; readonly reason: string }
  | { readonly kind: "unpriced"; readonly what: string; readonly reason: string };

const HUNDRED = 100;

/** One model request of the assumed size, in micro-USD as the router counts it; undefined where nobody knows. */
export function requestMicroUsd(ref: ModelRef, settings: Settings, day: string): number | undefined {
  const price = modelPriceOf(ref, settings, day);
  if (price.kind === "unknown") return undefined;
  if (price.kind === "by-machine") return 0;
  const { tokensIn, tokensOut } = ASSUMPTIONS;
  return costMicroUsd(price.price, { tokensIn: tokensIn.expected, cachedIn: 0, tokensOut: tokensOut.expected });
}

/** Which models answer a tenant's requests when none fails, with their share in percent. */
function sharesOf(
  { llm_config }: Tenant,
  bound: keyof Bounds,
): readonly { readonly ref: ModelRef; readonly percent: number }[] {
  const { cheap_first: cheap, provider, model } = llm_config;
  if (cheap === undefined) return [{ ref: { provider, model }, percent: HUNDRED }];
  const percent = ASSUMPTIONS.cheapShare[bound];
  return [
    { ref: { provider: cheap.provider, model: cheap.model }, percent },
    { ref: { provider, model }, percent: HUNDRED - percent },
  ];
}

/**
 * What a tenant's requests cost: at least and most likely by the declared or assumed use of its people, at most its monthly budget,
 * which the model router does not overspend.
 *
 * @param requests of the tenant in a month.
 */
export function tokenCostOf(tenant: Tenant, requests: Bounds, settings: Settings, day: string): TokenCost {
  const models = modelsOf(tenant);
  const prices = models.map((ref) => ({ ref, price: modelPriceOf(ref, settings, day) }));
  const what = `model tokens: ${models.map(({ model }) => model).join(", ")}`;
  for (const { price } of prices) if (price.kind === "unknown") return { kind: "unpriced", what, reason: price.reason };
  const byToken = prices.flatMap(({ price }) => (price.kind === "by-token" ? [price.source] : []));
  const machine = prices.find(({ price }) => price.kind === "by-machine")?.price;
  if (byToken.length === 0 && machine?.kind === "by-machine") return { kind: "free", reason: machine.reason };
  const budget = microUsd(tenant.max_api_budget_monthly_usd);
  const use = (bound: keyof Bounds) => {
    const all = sharesOf(tenant, bound).map(
      ({ ref, percent }) => ((requestMicroUsd(ref, settings, day) ?? 0) * requests[bound] * percent) / HUNDRED,
    );
    return Math.min(budget, Math.round(all.reduce((sum, each) => sum + each, 0)));
  };
  return {
    kind: "priced",
    what,
    microUsd: { low: use("low"), expected: use("expected"), high: budget },
    sources: [...new Set(byToken)],
    assumptions: [
      ...(settings.cost.requests_monthly[tenant.id] === undefined ? (["modelRequests"] as const) : []),
      ...(["tokensIn", "tokensOut"] as const),
      ...(tenant.llm_config.cheap_first === undefined ? [] : (["cheapShare"] as const)),
    ],
  };
}

/**
 * Requests of each tenant in a month, in its place: those that the settings declare, else its equal part of what the people
 * of an environment are assumed to send.
 */
export function requestsByTenant(
  { multi_tenant: { tenants }, cost: { requests_monthly: declared } }: Pick<Settings, "multi_tenant" | "cost">,
  people: number,
): readonly Bounds[] {
  const parts = tenants.map(() => 1);
  const all = eachBound(ASSUMPTIONS.modelRequests, (each) => each * people);
  const [low, expected, high] = [divide(all.low, parts), divide(all.expected, parts), divide(all.high, parts)];
  return tenants.map(({ id }, index) => {
    const own = declared[id];
    if (own !== undefined) return { low: own, expected: own, high: own };
    return { low: low[index] ?? 0, expected: expected[index] ?? 0, high: high[index] ?? 0 };
  });
}

/** The models that a tenant's requests go to first; fallbacks answer when they do not. */
function modelsOf({ llm_config: { provider, model, cheap_first: cheap } }: Tenant): readonly ModelRef[] {
  return [{ provider, model }, ...(cheap === undefined ? [] : [{ provider: cheap.provider, model: cheap.model }])];
}
