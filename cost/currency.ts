import { refuse } from "@breakwater/runtime/problems";
import type { Settings } from "@breakwater/runtime/settings";
import { declaredRates } from "./declared.ts";
import type { Rates } from "./line.ts";
import { fromUsd } from "./money.ts";

export const CURRENCIES = ["USD", "CNY", "KRW"] as const;
export type Currency = (typeof CURRENCIES)[number];

const MICRO = 1_000_000;

/** In which currency amounts are shown, and the rates that are known. */
export interface Money {
  readonly currency: Currency;
  readonly rates: Rates;
}

/**
 * What the options `--currency` and `--rate` mean. A rate is units of a currency for one USD: `1380` for the currency
 * that is shown (CNY where that is USD, because list prices are in USD and CNY alone), or `CNY=7.1` for the one it names.
 *
 * @param declared rates of the environment's own settings; an option wins over them.
 * @throws ProblemError `cost/unknown-currency`, `cost/invalid-rate`, `cost/missing-rate`.
 */
export function moneyOf(currency: string, rates: readonly string[], declared: Rates = {}): Money {
  const shown = known(currency, "--currency");
  const all: { CNY?: number; KRW?: number } = { ...declared };
  for (const text of rates) {
    const [, name, number] = /^(?:([A-Za-z]+)=)?(\d{1,7}(?:\.\d{1,6})?)$/.exec(text) ?? [];
    const of = name === undefined ? (shown === "USD" ? "CNY" : shown) : known(name, "--rate");
    const micro = Math.round(Number(number) * MICRO);
    if (of === "USD" || number === undefined || micro === 0) invalid(text);
    else all[of] = micro;
  }
  if (shown !== "USD" && all[shown] === undefined) {
    refuse({
      code: "cost/missing-rate",
      path: "--rate",
      got: "none",
      expected: `how many ${shown} one USD costs, because no rate of exchange is kept anywhere`,
      remedy: `add --rate ${shown}=N, or write cost.rates.${shown} into the environment`,
    });
  }
  return { currency: shown, rates: all };
}

function known(currency: string, path: string): Currency {
  const found = CURRENCIES.find((one) => one === currency.toUpperCase());
  if (found !== undefined) return found;
  return refuse({
    code: "cost/unknown-currency",
    path,
    got: JSON.stringify(currency),
    expected: CURRENCIES.join(", "),
    remedy: "name one of these",
  });
}

function invalid(text: string): never {
  return refuse({
    code: "cost/invalid-rate",
    path: "--rate",
    got: JSON.stringify(text),
    expected: "units for one USD with at most 6 decimals, as in 7.1 or CNY=7.1; above 0; not of USD itself",
    remedy: "correct the rate",
  });
}

/** US dollars, with the rates that an environment names. */
export function usd(settings: Pick<Settings, "cost">): Money {
  return { currency: "USD", rates: declaredRates(settings) };
}

/** An amount in the currency that is shown, in millionths of it. */
export function shownMicro(microUsd: number, { currency, rates }: Money): number {
  const rate = currency === "USD" ? undefined : rates[currency];
  return rate === undefined ? microUsd : fromUsd(microUsd, rate);
}
