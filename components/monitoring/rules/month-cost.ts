import { MONTH_COST } from "../measured.ts";
import type { RuleGroup } from "./rule.ts";

/** Longer than any month, so that its first minute is always inside. */
const WINDOW_DAYS = 32;

/**
 * Resolution at which the month is read again: 3072 points a series. A restart of the model router loses what its
 * counter rose by since the last point, because the value before the restart is not seen.
 */
const STEP_MINUTES = 15;

/** Well below the 5 minutes after which Prometheus takes a sample for gone: an alert over it would come and go. */
const INTERVAL = "2m";

/** The month of the evaluation, also inside a subquery, where `month()` alone is the month of each of its points. */
const THIS_MONTH = "month(last_over_time(vector(time())[1m:1m] @ end()))";

/**
 * What models have cost since the first of the month, UTC, by tenant, provider and model, in USD. The counter begins anew
 * with every restart and runs over the end of a month, so that it is read over the month's own points only; restarts
 * inside the month are counted on.
 */
export const monthCostGroup: RuleGroup = {
  name: "breakwater-month-cost",
  interval: INTERVAL,
  rules: [
    {
      record: MONTH_COST,
      expr: [
        "sum by (tenant, provider, model) (",
        `  increase((openclaw_llm_api_cost_usd and on() (month() == ${THIS_MONTH}))[${WINDOW_DAYS}d:${STEP_MINUTES}m])`,
        ")",
      ].join("\n"),
    },
  ],
};
