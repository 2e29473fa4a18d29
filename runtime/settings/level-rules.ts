import { shareOf } from "../limits/effective.ts";
import type { Problem } from "../problems/index.ts";
import { settingsProblem } from "./problem.ts";
import { DEFAULT_REPLICAS } from "./sections/front-door.ts";
import { DATA_CLASSES } from "./services.ts";
import { show } from "./show.ts";
import { formatPath, listAt, type Path, valueAt } from "./walk.ts";

/** A lower level never loosens a higher one, and what a rule needs is there. Reads data of any shape. */
export function levelObstacles(data: unknown): readonly Problem[] {
  const tenants = listAt(data, ["multi_tenant", "tenants"]).flatMap((tenant, index) => {
    const at: Path = ["multi_tenant", "tenants", index];
    return [
      ...belowReplicas(data, [...at, "limits"]),
      ...budgetsAboveTenant(tenant, at),
      ...limitsAboveDeployment(data, tenant, at),
      ...classAboveDeployment(data, tenant, at),
      ...noInternalModel(data, tenant, at),
    ];
  });
  const levels: readonly Path[] = ["per_key", "per_tenant"].map((level) => ["front_door", "limits", level]);
  return [...tenants, ...levels.flatMap((path) => belowReplicas(data, path))];
}

const LIMITS = ["requests_per_minute", "concurrent_requests"] as const;

/** Each replica of the front door grants its share of a limit; a share of nothing would turn every request away. */
function belowReplicas(data: unknown, path: Path): readonly Problem[] {
  const replicas = valueAt(data, ["front_door", "replicas"]) ?? DEFAULT_REPLICAS;
  if (typeof replicas !== "number") return [];
  return LIMITS.flatMap((name) => {
    const limit = valueAt(data, [...path, name]);
    if (typeof limit !== "number" || limit < 1 || shareOf(limit, replicas) >= 1) return [];
    return [
      settingsProblem("settings/limit-below-replicas", formatPath([...path, name]), {
        got: String(limit),
        expected: `at least ${replicas}, the number of front doors, because each grants its share`,
        remedy: "raise the limit or lower front_door.replicas",
      }),
    ];
  });
}

function budgetsAboveTenant(tenant: unknown, at: Path): readonly Problem[] {
  const most = valueAt(tenant, ["max_api_budget_monthly_usd"]);
  if (typeof most !== "number") return [];
  return ["agent_budgets_monthly_usd", "key_budgets_monthly_usd"].flatMap((list) => {
    const budgets = valueAt(tenant, [list]);
    if (typeof budgets !== "object" || budgets === null) return [];
    return Object.entries(budgets).flatMap(([id, usd]) =>
      typeof usd !== "number" || usd <= most
        ? []
        : [
            settingsProblem("settings/budget-above-tenant", formatPath([...at, list, id]), {
              got: `${usd} USD`,
              expected: `at most the tenant's ${most} USD`,
              remedy: "lower it, or raise max_api_budget_monthly_usd",
            }),
          ],
    );
  });
}

function limitsAboveDeployment(data: unknown, tenant: unknown, at: Path): readonly Problem[] {
  return LIMITS.flatMap((limit) => {
    const most = valueAt(data, ["front_door", "limits", "per_tenant", limit]);
    const own = valueAt(tenant, ["limits", limit]);
    if (typeof most !== "number" || typeof own !== "number" || own <= most) return [];
    return [
      settingsProblem("settings/limit-above-deployment", formatPath([...at, "limits", limit]), {
        got: String(own),
        expected: `at most ${most}, which is front_door.limits.per_tenant.${limit}`,
        remedy: "lower it, or raise the deployment's limit",
      }),
    ];
  });
}

function classAboveDeployment(data: unknown, tenant: unknown, at: Path): readonly Problem[] {
  const rank = (value: unknown) => (DATA_CLASSES as readonly unknown[]).indexOf(value);
  const most = valueAt(data, ["deployment", "data_class"]);
  const own = valueAt(tenant, ["data_class"]);
  if (rank(most) < 0 || rank(own) <= rank(most)) return [];
  return [
    settingsProblem("settings/contradiction", formatPath([...at, "data_class"]), {
      got: show(own),
      expected: `${show(most)} or less, because that is the most sensitive data of this deployment`,
      remedy: "lower it, or raise deployment.data_class",
    }),
  ];
}

function noInternalModel(data: unknown, tenant: unknown, at: Path): readonly Problem[] {
  const rule = routingRule(data);
  if (rule === undefined || valueAt(tenant, ["llm_config", "internal"]) !== undefined) return [];
  // A tenant without a model at all is the schema's business.
  if (typeof valueAt(tenant, ["llm_config"]) !== "object") return [];
  return [
    settingsProblem("settings/no-internal-model", formatPath([...at, "llm_config", "internal"]), {
      got: `nothing, while ${rule} has action "route"`,
      expected: "a provider and model inside the company, to which the rule sends what it finds",
      remedy: "add internal: {provider, model}, or give the rule another action",
    }),
  ];
}

/** The first rule or detector that sends requests to the internal model. */
function routingRule(data: unknown): string | undefined {
  const at: Path = ["enterprise", "data_loss_prevention"];
  if (valueAt(data, [...at, "enabled"]) !== true) return undefined;
  for (const list of ["rules", "detectors"]) {
    const index = listAt(data, [...at, list]).findIndex((rule) => valueAt(rule, ["action"]) === "route");
    if (index >= 0) return formatPath([...at, list, index]);
  }
  return undefined;
}
