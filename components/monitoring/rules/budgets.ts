import { MONTH_COST } from "../measured.ts";
import { type AlertRule, alertLabels, type RuleGroup } from "./rule.ts";

/** What one tenant may spend in a month, and when people are told. */
export interface TenantBudget {
  readonly tenant: string;
  readonly monthlyUsd: number;
  /** Shares of it, in percent. */
  readonly alertPercents: readonly number[];
}

/**
 * Tells people when a tenant has used a share of its month's budget. The model router's own alert goes to the audit log;
 * this one reads the same cost from its metrics. Tenants with the same budget share a rule, so that a thousand of them
 * do not make a thousand. A budget of 0 cannot be used at all and has no shares.
 */
export function budgetGroup(budgets: readonly TenantBudget[], notify: readonly string[]): RuleGroup {
  const byThreshold = new Map<string, { percent: number; usd: number; tenants: string[] }>();
  for (const { tenant, monthlyUsd, alertPercents } of budgets) {
    if (monthlyUsd === 0) continue;
    for (const percent of alertPercents) {
      const usd = (monthlyUsd * percent) / 100;
      const key = `${percent} ${usd}`;
      const same = byThreshold.get(key) ?? { percent, usd, tenants: [] };
      same.tenants.push(tenant);
      byThreshold.set(key, same);
    }
  }
  const thresholds = [...byThreshold.values()].sort((a, b) => a.percent - b.percent || a.usd - b.usd);
  return { name: "breakwater-budgets", rules: thresholds.map((threshold) => alertOf(threshold, notify)) };
}

function alertOf(
  { percent, usd, tenants }: { readonly percent: number; readonly usd: number; readonly tenants: readonly string[] },
  notify: readonly string[],
): AlertRule {
  return {
    alert: "tenant_budget_share_used",
    // Ids of tenants are DNS labels: nothing in them means anything in a pattern.
    expr: `sum by (tenant) (${MONTH_COST}{tenant=~"${[...tenants].sort().join("|")}"}) >= ${usd}`,
    labels: { ...alertLabels("warning", notify), percent: String(percent), budget_share_usd: String(usd) },
    annotations: {
      summary: `${percent}% of a tenant's budget is used`,
      description: `{{ $labels.tenant }} has used ${percent}% of its budget of this month: {{ $value | printf "%.2f" }} USD`,
    },
  };
}
