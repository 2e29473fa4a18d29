import { z } from "zod";
import { type LeafFacts, leaf } from "../leaf.ts";
import { isWholeMicroUsd, MAX_USD } from "../money.ts";

/** An amount of money: 0 or more USD with at most 6 decimals. */
export function usdLeaf(about: Omit<LeafFacts, "unit"> & { readonly unit?: string }) {
  return leaf(z.number().min(0).max(MAX_USD).refine(isWholeMicroUsd), {
    unit: "USD",
    ...about,
    refusals: {
      too_small: {
        code: "settings/negative-budget",
        expected: "0 or more USD",
        remedy: "write the amount without a sign",
      },
      custom: {
        code: "settings/budget-too-precise",
        expected: "at most 6 decimals, because money is counted in whole micro-USD",
        remedy: "round it",
      },
      ...about.refusals,
    },
  });
}
