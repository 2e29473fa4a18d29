import type { Problem } from "../problems/index.ts";
import { settingsProblem } from "./problem.ts";
import { show } from "./show.ts";
import { formatPath, listAt, valueAt } from "./walk.ts";

/** Requests are declared of tenants that there are. */
export function costContradictions(data: unknown): readonly Problem[] {
  const declared = valueAt(data, ["cost", "requests_monthly"]);
  const tenants = listAt(data, ["multi_tenant", "tenants"]).map((tenant) => valueAt(tenant, ["id"]));
  if (typeof declared !== "object" || declared === null || tenants.length === 0) return [];
  return Object.keys(declared)
    .filter((id) => !tenants.includes(id))
    .map((id) =>
      settingsProblem("settings/contradiction", formatPath(["cost", "requests_monthly", id]), {
        got: `${show(id)}, which is no tenant`,
        expected: `the id of a tenant: ${tenants.join(", ")}`,
        remedy: "correct the id, or remove the line",
      }),
    );
}
