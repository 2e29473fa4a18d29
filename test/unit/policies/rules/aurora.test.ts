import { expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { cry003 } from "../../../../policies/rules/cry-003.ts";
import { dat001 } from "../../../../policies/rules/dat-001.ts";
import { dat002 } from "../../../../policies/rules/dat-002.ts";
import { dat003 } from "../../../../policies/rules/dat-003.ts";
import { dat004 } from "../../../../policies/rules/dat-004.ts";
import { dat011 } from "../../../../policies/rules/dat-011.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { without } from "../../../support/judged-buckets.ts";

const rules = [cry003, dat001, dat002, dat003, dat004, dat011];
const given = { rules, facts: { topology: "aws", region: "ap-northeast-2" } } as const;
const UNKNOWN = { __pulumiUnknown: true };
const FORCED = [
  { name: "rds.force_ssl", value: "1" },
  { name: "log_connections", value: "1" },
];
const TAGS = {
  "breakwater:data-class": "internal",
  "breakwater:residency": "ap-northeast-2",
  "breakwater:owner": "platform",
};

const cluster = (change: object = {}) =>
  planned(
    "aws:rds/cluster:Cluster",
    {
      clusterIdentifier: "postgres",
      storageEncrypted: true,
      kmsKeyId: "database-key",
      dbClusterParameterGroupName: "postgres",
      backupRetentionPeriod: 14,
      tags: TAGS,
      ...change,
    },
    "postgres",
  );
const server = (name: string, change: object = {}) =>
  planned("aws:rds/clusterInstance:ClusterInstance", { clusterIdentifier: "postgres", ...change }, name);
const parameters = (change: object = {}) =>
  planned("aws:rds/clusterParameterGroup:ClusterParameterGroup", { parameters: FORCED, ...change });
const plan = (database = cluster(), servers = [server("a"), server("b")], group = parameters()) => [
  database,
  ...servers,
  group,
  planned("aws:backup/plan:Plan", { rules: [] }),
  ...["a", "b", "c", "d"].map((name) => planned("aws:kms/key:Key", { tags: TAGS }, name)),
];
const found = (id: string, resources: readonly RawResource[]) => problems(id, resources, given);

test("Aurora as it must be passes every rule about databases", () => {
  for (const id of ["CRY-003", "DAT-001", "DAT-002", "DAT-003", "DAT-004", "DAT-011"]) {
    expect([id, judged(id, plan(), given).outcome]).toEqual([id, "passed"]);
  }
});

test.each<[string, readonly RawResource[], string]>([
  ["DAT-001", plan(cluster({ storageEncrypted: false })), "storageEncrypted is not true"],
  ["DAT-001", plan(cluster({ kmsKeyId: undefined })), "kmsKeyId is missing"],
  ["DAT-001", plan(cluster(), [server("a"), server("b", { publiclyAccessible: true })]), "publiclyAccessible is true"],
  ["DAT-001", plan(cluster(), [server("a")]), "servers planned: 1, so that none stands by"],
  [
    "DAT-001",
    plan(cluster(), [server("a"), server("b", { clusterIdentifier: "another" })]),
    "servers planned: 1, so that none stands by",
  ],
  [
    "DAT-001",
    plan(
      cluster(),
      ["a", "b"].map((name) => server(name, { availabilityZone: "ap-northeast-2a" })),
    ),
    "all servers are in ap-northeast-2a",
  ],
  ["DAT-002", plan(cluster({ dbClusterParameterGroupName: "" })), "dbClusterParameterGroupName is missing"],
  ["DAT-002", plan(cluster(), [], parameters({ parameters: FORCED.slice(1) })), "rds.force_ssl is not 1"],
  ["DAT-002", plan(cluster(), [], parameters({ parameters: FORCED.slice(0, 1) })), "log_connections is not on"],
  ["DAT-003", plan(cluster({ backupRetentionPeriod: undefined })), "backupRetentionPeriod is 1, less than 14 days"],
  ["DAT-004", without(plan(), "backup/plan"), "no backup plan is planned"],
  ["DAT-011", plan(cluster({ tags: { ...TAGS, "breakwater:owner": "" } })), "tag breakwater:owner is missing"],
])("%s, case %#: what is wrong is found", (id, resources, problem) => {
  expect(found(id, resources)).toEqual([problem]);
});

test("CRY-003: Aurora shares no key with the cluster's secrets", () => {
  const secrets = planned("aws:eks/cluster:Cluster", { encryptionConfig: { provider: { keyArn: "database-key" } } });
  expect(found("CRY-003", [...plan(), secrets])).toEqual(["the cluster's secrets and the database share a key"]);
});

test("servers whose cluster only an update names count as its own", () => {
  const servers = ["a", "b"].map((name) => server(name, { clusterIdentifier: UNKNOWN, availabilityZone: UNKNOWN }));
  expect(judged("DAT-001", plan(cluster(), servers), given).outcome).toBe("passed");
});

test("a cluster that makes its own servers in three zones needs none beside it", () => {
  expect(found("DAT-001", plan(cluster({ dbClusterInstanceClass: "db.m6gd.large" }), []))).toEqual([]);
});

test("parameters of one server of Aurora are asked for nothing that is the cluster's", () => {
  const own = planned("aws:rds/parameterGroup:ParameterGroup", { family: "aurora-postgresql17", parameters: [] });
  expect(found("DAT-002", [...plan(), own])).toEqual([]);
  const plain = planned("aws:rds/parameterGroup:ParameterGroup", { family: "postgres17", parameters: [] });
  expect(found("DAT-002", [...plan(), plain])).toHaveLength(2);
});
