import { findPrice, type Price } from "@breakwater/runtime/prices";
import { contractPrice, resolveProvider, type Settings } from "@breakwater/runtime/settings/judged";

/** A model by the names that settings use. */
export interface ModelRef {
  readonly provider: string;
  readonly model: string;
}

/** What tokens of a model cost: by the token, by the hours of the machine that serves it, or nobody knows. */
export type ModelPrice =
  | { readonly kind: "by-token"; readonly price: Price; readonly source: string }
  | { readonly kind: "by-machine"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** Prices that were looked up, by settings: a thousand tenants use a handful of models. */
const found = new WeakMap<Settings, Map<string, ModelPrice>>();

/**
 * The price that the model router itself counts with, except that models on the company's own machines cost what the
 * machines cost: counting their tokens as well would count them twice.
 *
 * @param day UTC.
 */
export function modelPriceOf(ref: ModelRef, settings: Settings, day: string): ModelPrice {
  const known = found.get(settings) ?? new Map<string, ModelPrice>();
  found.set(settings, known);
  const key = `${ref.provider} ${ref.model} ${day}`;
  const price = known.get(key) ?? lookedUp(ref, settings, day);
  known.set(key, price);
  return price;
}

function lookedUp({ provider, model }: ModelRef, settings: Settings, day: string): ModelPrice {
  const entry = settings.model_providers[provider];
  if (entry === undefined) return { kind: "unknown", reason: `no provider ${provider} in the settings` };
  const { kind, host, internal } = resolveProvider(entry);
  if (kind === "echo") return { kind: "by-machine", reason: "the built-in stand-in costs nothing by the token" };
  if (internal) return { kind: "by-machine", reason: "served on the company's own machines, whose hours are counted" };
  const contracts = settings.model_router.prices.map(contractPrice);
  const own = contracts.some((one) => one.kind === kind && one.model === model && one.from <= day);
  const price = findPrice({ kind, host, model, internal }, day, contracts);
  if (price === undefined)
    return { kind: "unknown", reason: `no price of ${model} at ${host}: state that of your contract` };
  return { kind: "by-token", price, source: own ? "your contract, in the settings" : `list price of ${host}` };
}
