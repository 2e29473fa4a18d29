import { MONTH_COST } from "../measured.ts";
import type { DashboardFacts } from "./dashboard.ts";

const COST = "openclaw_llm_api_cost_usd";

/** What models cost, and whom. The ledger of the model router is what counts; this is close to it. */
export const cost: DashboardFacts = {
  uid: "breakwater-cost",
  title: "Breakwater: cost of models",
  panels: [
    {
      title: "This month, all tenants",
      queries: [{ expr: `sum(${MONTH_COST})`, legend: "USD" }],
      unit: "currencyUSD",
      shape: "stat",
      width: 8,
    },
    {
      title: "In 24 hours, all tenants",
      queries: [{ expr: `sum(increase(${COST}[1d]))`, legend: "USD" }],
      unit: "currencyUSD",
      shape: "stat",
      width: 8,
    },
    {
      title: "Requests refused for a budget, in 24 hours",
      queries: [
        {
          expr: 'sum by (service) (increase(breakwater_refused_requests_total{code="budget/exceeded"}[1d]))',
          legend: "{{service}}",
        },
      ],
      shape: "stat",
      width: 8,
    },
    {
      title: "This month, by tenant",
      queries: [{ expr: `sort_desc(sum by (tenant) (${MONTH_COST}))`, legend: "{{tenant}}" }],
      unit: "currencyUSD",
      shape: "bargauge",
    },
    {
      title: "This month, by model",
      queries: [{ expr: `sort_desc(sum by (provider, model) (${MONTH_COST}))`, legend: "{{provider}} {{model}}" }],
      unit: "currencyUSD",
      shape: "bargauge",
    },
    {
      title: "USD an hour, by tenant",
      queries: [{ expr: `sum by (tenant) (increase(${COST}[1h]))`, legend: "{{tenant}}" }],
      unit: "currencyUSD",
    },
    {
      title: "USD an hour, by model",
      queries: [{ expr: `sum by (provider, model) (increase(${COST}[1h]))`, legend: "{{provider}} {{model}}" }],
      unit: "currencyUSD",
    },
  ],
};
