import { JOBS } from "../jobs.ts";
import { LARGEST_RESPONSE_BUCKET_SECONDS, MONTH_COST } from "../measured.ts";

/** Units of a threshold as conditions write them; `""` for a plain number. */
export type Unit = "%" | "s" | "ms" | "$" | "";

/** A word that a condition can name. */
export interface Measure {
  /** PromQL whose value is in the base unit: a share of 1, seconds, USD, or a plain number. */
  readonly expr: string;
  /** Units that make sense for it; the first is the one to write. */
  readonly units: readonly Unit[];
  /** Largest threshold, in the base unit, that its value can pass. */
  readonly largest?: number;
  /** What its value is, for the reader of an alert. */
  readonly says: string;
}

/** What people wait for: the whole turn, as the front door sees it. */
const TURN = `{service="${JOBS.frontDoor}"}`;
const FAILED_TURN = `{service="${JOBS.frontDoor}",outcome="error"}`;
const WINDOW = "[5m]";
const RESPONSE = "openclaw_agent_response_time_seconds";

function quantile(share: number): Measure {
  return {
    expr: `histogram_quantile(${share}, sum by (le) (rate(${RESPONSE}_bucket${TURN}${WINDOW})))`,
    units: ["s", "ms"],
    // Beyond the last bucket Prometheus answers with that bucket's own end, so that nothing is ever above it.
    largest: LARGEST_RESPONSE_BUCKET_SECONDS,
    says: `the time under which ${share * 100}% of chat requests are answered, over 5 minutes`,
  };
}

/** Every word that a condition can name. Where nobody asks anything there is no value, and no alert. */
export const MEASURES: Readonly<Record<string, Measure>> = {
  error_rate: {
    expr: `(sum(rate(${RESPONSE}_count${FAILED_TURN}${WINDOW})) or vector(0)) / (sum(rate(${RESPONSE}_count${TURN}${WINDOW})) > 0)`,
    units: ["%"],
    largest: 1,
    says: "the share of chat requests that ended with an error, the caller's own included, over 5 minutes",
  },
  average_response_time: {
    expr: `sum(rate(${RESPONSE}_sum${TURN}${WINDOW})) / (sum(rate(${RESPONSE}_count${TURN}${WINDOW})) > 0)`,
    units: ["s", "ms"],
    says: "the average time of a chat request, over 5 minutes",
  },
  p50_response_time: quantile(0.5),
  p90_response_time: quantile(0.9),
  p95_response_time: quantile(0.95),
  p99_response_time: quantile(0.99),
  monthly_llm_cost: {
    expr: `sum(${MONTH_COST})`,
    units: ["$"],
    says: "what models have cost since the first of the month, UTC, all tenants together",
  },
  daily_llm_cost: {
    expr: "sum(increase(openclaw_llm_api_cost_usd[1d]))",
    units: ["$"],
    says: "what models have cost in 24 hours, all tenants together",
  },
  skill_denial_rate: {
    expr: 'sum(rate(openclaw_skill_execution_total{outcome="deny"}[5m])) / (sum(rate(openclaw_skill_execution_total[5m])) > 0)',
    units: ["%"],
    largest: 1,
    says: "the share of tool calls that were denied, over 5 minutes",
  },
  refused_requests_per_minute: {
    expr: "60 * sum(rate(breakwater_refused_requests_total[5m]))",
    units: [""],
    says: "requests a minute that were not served, over 5 minutes",
  },
  audit_export_lag: {
    expr: "max(breakwater_audit_export_lag_records)",
    units: [""],
    says: "audit records that an export has not taken yet",
  },
};
