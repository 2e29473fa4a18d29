import { z } from "zod";
import { AWS_CLUSTER, AWS_CLUSTER_INSTANCE, instancesOf } from "../aurora.ts";
import { each, ifKnown, isSet } from "../known.ts";
import type { Plan, PlanResource, Problems, StackRule } from "../rule.ts";

const aws = z.object({
  publiclyAccessible: z.boolean().optional(),
  storageEncrypted: z.boolean().optional(),
  multiAz: z.boolean().optional(),
});
const zoned = z.object({ availabilityZone: z.string().optional() });
const alibaba = z.object({
  zoneId: z.string().optional(),
  zoneIdSlaveA: z.string().optional(),
  securityIps: z.array(z.string()).optional(),
});
const tencent = z.object({
  publicAccessSwitch: z.boolean().optional(),
  needSupportTde: z.number().optional(),
  dbNodeSets: z.array(z.object({ zone: z.string() })).optional(),
});

/** Everywhere, so to Alibaba Cloud. */
const ANYBODY = ["0.0.0.0/0", "0.0.0.0", "::/0"];

const CHECKS: Readonly<Record<string, (resource: PlanResource, plan: Plan) => Problems>> = {
  "aws:rds/instance:Instance": function* ({ props }) {
    const { publiclyAccessible, storageEncrypted, multiAz } = aws.parse(props);
    if (publiclyAccessible === true) yield "publiclyAccessible is true";
    if (storageEncrypted !== true) yield "storageEncrypted is not true";
    if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
    if (multiAz !== true) yield "multiAz is not true";
  },
  [AWS_CLUSTER]: function* (cluster, plan) {
    const { props } = cluster;
    if (aws.parse(props).storageEncrypted !== true) yield "storageEncrypted is not true";
    if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
    // A cluster that is given a class makes its own servers, in three zones.
    if (!isSet(props, "dbClusterInstanceClass")) yield* withoutStandby(instancesOf(plan, cluster));
  },
  [AWS_CLUSTER_INSTANCE]: function* ({ props }) {
    if (aws.parse(props).publiclyAccessible === true) yield "publiclyAccessible is true";
  },
  "alicloud:rds/instance:Instance": function* ({ props }) {
    const { zoneId, zoneIdSlaveA, securityIps = [] } = alibaba.parse(props);
    for (const range of securityIps.filter((ip) => ANYBODY.includes(ip))) yield `securityIps has ${range}`;
    if (!isSet(props, "encryptionKey")) yield "encryptionKey is missing";
    if (zoneIdSlaveA === undefined || zoneIdSlaveA === zoneId) yield `zoneIdSlaveA is ${zoneIdSlaveA ?? "missing"}`;
  },
  // An address of the internet of Alibaba Cloud's is a resource of its own.
  "alicloud:rds/connection:Connection": () => ["the database gets an address of the internet"],
  "tencentcloud:index/postgresqlInstance:PostgresqlInstance": function* ({ props }) {
    const { publicAccessSwitch, needSupportTde, dbNodeSets = [] } = tencent.parse(props);
    if (publicAccessSwitch === true) yield "publicAccessSwitch is true";
    if (needSupportTde !== 1) yield "needSupportTde is not 1";
    if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
    if (new Set(dbNodeSets.map(({ zone }) => zone)).size < 2) yield "dbNodeSets are in one zone";
  },
};

/** Everything that the platform remembers, budgets and keys included, is in the one database. */
export const dat001: StackRule = {
  id: "DAT-001",
  subjects: Object.keys(CHECKS),
  *check(plan) {
    yield* each(plan.ofType(...Object.keys(CHECKS)), function* (resource) {
      for (const problem of CHECKS[resource.type]?.(resource, plan) ?? []) yield { urn: resource.urn, problem };
    });
  },
};

/** AWS puts servers of a cluster into different zones unless it is told otherwise. */
function* withoutStandby(instances: readonly PlanResource[]): Problems {
  if (instances.length < 2) yield `servers planned: ${instances.length}, so that none stands by`;
  const zones = instances.map(({ props }) => ifKnown(() => zoned.parse(props).availabilityZone, undefined));
  const [first] = zones;
  if (instances.length > 1 && first !== undefined && zones.every((zone) => zone === first)) {
    yield `all servers are in ${first}`;
  }
}
