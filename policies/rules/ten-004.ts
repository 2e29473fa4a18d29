import { z } from "zod";
import { metaOf, POD_TYPES, tenantNamespaces } from "../pods.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const configMap = z.object({ data: z.record(z.string(), z.string()).default({}) });
const networkPolicy = z.object({
  spec: z.object({
    egress: z
      .array(z.object({ ports: z.array(z.object({ port: z.union([z.number(), z.string()]).optional() })).optional() }))
      .default([]),
  }),
});
const service = z.object({
  database: z.object({ kind: z.string(), user: z.string().optional() }).optional(),
});

/** The services that have logins of the database; each has settings of its own. */
const SERVICES = ["front-door", "router"];

/** Rights of a login that reach over a database's own grants. */
const ABOVE_ALL =
  /\b(CREATE|ALTER)\s+(ROLE|USER)\b[^;\\]*?\b(?<right>SUPERUSER|CREATEROLE|CREATEDB|BYPASSRLS|REPLICATION)\b/i;

/** Logins that PostgreSQL or a cloud makes with every right. */
const ADMINISTRATORS = /^(postgres|root|rdsadmin|dbadmin|breakwater_admin|admin|administrator)$/i;

const POSTGRES_PORTS: readonly (number | string)[] = [5432, "postgres"];

/**
 * A tenant with a login of the database is one grant away from every other tenant's rows, so that tenants have none here:
 * one login a service, and no way from a tenant's namespace to the database. What remains is that no login stands above
 * the grants, and that no two services share one.
 */
export const ten004: StackRule = {
  id: "TEN-004",
  subjects: POD_TYPES,
  *check(plan) {
    yield* ways(plan);
    yield* roles(plan);
    yield* logins(plan);
  },
};

function* ways(plan: Plan): Iterable<StackProblem> {
  const homes = new Set(tenantNamespaces(plan).map(({ name }) => name));
  for (const { urn, props } of plan.ofType(NETWORK_POLICY)) {
    if (!homes.has(metaOf(props).namespace ?? "")) continue;
    for (const { ports } of networkPolicy.parse(props).spec.egress) {
      const open = ports === undefined || ports.some(({ port }) => port === undefined || POSTGRES_PORTS.includes(port));
      if (open) yield { urn, problem: "a tenant's pods may get to a database's port" };
    }
  }
}

function* roles(plan: Plan): Iterable<StackProblem> {
  for (const { urn, props } of plan.ofType(CONFIG_MAP)) {
    // The others hold no SQL, and some of them settings that an update alone knows.
    if (metaOf(props).labels["app.kubernetes.io/component"] !== "database-users") continue;
    for (const [file, text] of Object.entries(configMap.parse(props).data)) {
      const right = file.endsWith(".sql") ? ABOVE_ALL.exec(text)?.groups?.["right"] : undefined;
      if (right !== undefined) yield { urn, problem: `${file} gives a login ${right.toUpperCase()}` };
    }
  }
}

function* logins(plan: Plan): Iterable<StackProblem> {
  const taken = new Map<string, string>();
  for (const { urn, props } of plan.ofType(CONFIG_MAP)) {
    const component = metaOf(props).labels["app.kubernetes.io/component"] ?? "";
    if (!SERVICES.includes(component)) continue;
    const { "settings.json": settings = "{}" } = configMap.parse(props).data;
    const { user } = service.parse(JSON.parse(settings)).database ?? {};
    if (user === undefined) continue;
    if (ADMINISTRATORS.test(user)) yield { urn, problem: `${component} logs in as ${user}, who may do everything` };
    const other = taken.get(user);
    if (other !== undefined) yield { urn, problem: `${component} shares the login ${user} with ${other}` };
    taken.set(user, component);
  }
}
