import { cost } from "./cost.ts";
import { type DashboardFacts, dashboard } from "./dashboard.ts";
import { gpu } from "./gpu.ts";
import { overview } from "./overview.ts";
import { tenant } from "./tenant.ts";

/** The pages of an environment; that of the GPUs only where there are any. */
export function dashboards(options: { readonly gpu: boolean }): readonly DashboardFacts[] {
  return [overview, tenant, cost, ...(options.gpu ? [gpu] : [])];
}

/** File name -> Grafana's JSON. */
export function dashboardFiles(options: { readonly gpu: boolean }): Record<string, string> {
  return Object.fromEntries(
    dashboards(options).map((page) => [`${page.uid}.json`, `${JSON.stringify(dashboard(page), null, 2)}\n`]),
  );
}
