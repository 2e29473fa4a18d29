import type { Problem } from "@breakwater/runtime/problems";
import { microUsd, type Settings } from "@breakwater/runtime/settings/judged";
import type { Estimate } from "./estimate.ts";
import { formatUsd } from "./text.ts";

/** What a month may cost, and whether a plan keeps to it. */
export interface Budget {
  readonly microUsd: number;
  readonly expectedMicroUsd: number;
  /** Lines that have no price, so that nobody knows what they add. */
  readonly unpriced: number;
  /** `unknown`: within it as far as there are prices, and not all of it has one. Passes only where that is allowed. */
  readonly verdict: "within" | "over" | "unknown";
}

/**
 * Compares the expected cost of a month with the budget; undefined where there is none. Pure.
 *
 * @param limitMicroUsd in place of the settings' own.
 */
export function budgetOf(
  { total, unpriced }: Pick<Estimate, "total" | "unpriced">,
  { cost }: Pick<Settings, "cost">,
  limitMicroUsd?: number,
): Budget | undefined {
  const { monthly_budget_usd: usd, allow_unpriced: allowed } = cost;
  const limit = limitMicroUsd ?? (usd === undefined ? undefined : microUsd(usd));
  if (limit === undefined) return undefined;
  const { expected } = total;
  const known = unpriced.length === 0 || allowed;
  const verdict = expected > limit ? "over" : known ? "within" : "unknown";
  return { microUsd: limit, expectedMicroUsd: expected, unpriced: unpriced.length, verdict };
}

/** Why a plan may not be deployed for its cost; undefined where it may. */
export function budgetProblem({ microUsd: limit, expectedMicroUsd, unpriced, verdict }: Budget): Problem | undefined {
  const about = { code: "cost/budget", path: "cost.monthly_budget_usd" } as const;
  if (verdict === "within") return undefined;
  if (verdict === "over") {
    return {
      ...about,
      got: `a plan of ${formatUsd(expectedMicroUsd)} a month, ${formatUsd(expectedMicroUsd - limit)} too much`,
      expected: `at most ${formatUsd(limit)}`,
      remedy: "plan less, or raise the budget",
    };
  }
  return {
    ...about,
    got: `a plan of ${formatUsd(expectedMicroUsd)} a month and ${unpriced} ${unpriced === 1 ? "line" : "lines"} without a price`,
    expected: `at most ${formatUsd(limit)}, and a price for everything`,
    remedy: "name the missing rates under cost.rates, or set cost.allow_unpriced and count them as nothing",
  };
}
