import { refuse } from "@breakwater/runtime/problems";
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
 * @throws ProblemError `cost/unknown-currency`, `cost/invalid-rate`, `cost/missing-rate`.
 */
export function moneyOf(currency: string, rates: readonly string[]): Money {
  const shown = known(currency, "--currency");
  const all: { CNY?: number; KRW?: number } = {};
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
      remedy: `add --rate ${shown}=N`,
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

/** An amount in the currency that is shown, in millionths of it. */
export function shownMicro(microUsd: number, { currency, rates }: Money): number {
  const rate = currency === "USD" ? undefined : rates[currency];
  return rate === undefined ? microUsd : fromUsd(microUsd, rate);
}
