import { z } from "zod";
import { AWS_CLUSTER } from "../aurora.ts";
import { DATABASE_TYPES } from "../databases.ts";
import { each, isSet } from "../known.ts";
import type { Plan, PlanResource, StackRule } from "../rule.ts";

const AWS_PARAMETERS = [
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
] as const;
const TENCENT_TLS = "tencentcloud:index/postgresqlInstanceSslConfig:PostgresqlInstanceSslConfig";
const TENCENT_LOG = "tencentcloud:index/postgresAuditService:PostgresAuditService";

const parameters = z.array(z.object({ name: z.string(), value: z.string() })).default([]);
const alibaba = z.object({ sslAction: z.string().default("Close") });
const family = z.object({ family: z.string().default("") });
const tencentTls = z.object({ sslEnabled: z.boolean() });

const OFF = ["0", "off", "false", ""];

/**
 * Passwords and what agents remember pass between service and database; and who connected is asked first when either
 * leaks. Tencent Cloud records connections by its audit service.
 */
export const dat002: StackRule = {
  id: "DAT-002",
  subjects: DATABASE_TYPES,
  *check(plan) {
    yield* each(plan.ofType(...DATABASE_TYPES), function* (database) {
      for (const problem of CHECKS[database.type as keyof typeof CHECKS](database, plan)) {
        yield { urn: database.urn, problem };
      }
    });
    yield* each(plan.ofType(...AWS_PARAMETERS), function* ({ urn, type, props }) {
      if (type === AWS_PARAMETERS[0] && isAurora(props)) return;
      const given = valuesOf(props["parameters"]);
      if (isOff(given.get("rds.force_ssl"))) yield { urn, problem: "rds.force_ssl is not 1" };
      if (isOff(given.get("log_connections"))) yield { urn, problem: "log_connections is not on" };
    });
  },
};

const CHECKS = {
  "aws:rds/instance:Instance": function* ({ props }: PlanResource): Iterable<string> {
    if (!isSet(props, "parameterGroupName")) yield "parameterGroupName is missing";
  },
  [AWS_CLUSTER]: function* ({ props }: PlanResource): Iterable<string> {
    if (!isSet(props, "dbClusterParameterGroupName")) yield "dbClusterParameterGroupName is missing";
  },
  "alicloud:rds/instance:Instance": function* ({ props }: PlanResource): Iterable<string> {
    const { sslAction } = alibaba.parse(props);
    if (sslAction !== "Open") yield `sslAction is ${sslAction}`;
    if (isOff(valuesOf(props["parameters"]).get("log_connections"))) yield "log_connections is not on";
  },
  "tencentcloud:index/postgresqlInstance:PostgresqlInstance": function* (
    _: PlanResource,
    plan: Plan,
  ): Iterable<string> {
    const forced = plan.ofType(TENCENT_TLS).some(({ props }) => tencentTls.parse(props).sslEnabled);
    if (!forced) yield "sslEnabled is not true";
    if (plan.ofType(TENCENT_LOG).length === 0) yield "no audit service records connections";
  },
};

/** Of Aurora, what is asked for here is the whole cluster's and no single server's. */
function isAurora(props: unknown): boolean {
  return family.parse(props).family.startsWith("aurora");
}

function valuesOf(raw: unknown): ReadonlyMap<string, string> {
  return new Map(parameters.parse(raw).map(({ name, value }) => [name, value]));
}

function isOff(value = ""): boolean {
  return OFF.includes(value.toLowerCase());
}
