import type { Settings } from "@breakwater/runtime/settings";
import type { Rates } from "./line.ts";

const MICRO = 1_000_000;

/** Rates of exchange that an environment names, in millionths of a unit for one USD. */
export function declaredRates({ cost: { rates } }: Pick<Settings, "cost">): Rates {
  return Object.fromEntries(
    Object.entries(rates).flatMap(([currency, rate]) =>
      rate === undefined ? [] : [[currency, Math.round(rate * MICRO)]],
    ),
  );
}
