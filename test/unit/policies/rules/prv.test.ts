import { describe, expect, test } from "vitest";
import { jurisdictionOf, mayLieIn } from "../../../../policies/regions.ts";
import { prv001 } from "../../../../policies/rules/prv-001.ts";
import { prv007 } from "../../../../policies/rules/prv-007.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { pod } from "../../../support/judged-pods.ts";

const rules = [prv001, prv007];
const UNKNOWN = { __pulumiUnknown: true };

describe("PRV-001", () => {
  const HOMES = {
    aws: { topology: "aws", region: "ap-northeast-2", jurisdiction: "kr" },
    alibaba: { topology: "alibaba", region: "cn-hangzhou", jurisdiction: "cn" },
    tencent: { topology: "tencent", region: "ap-guangzhou", jurisdiction: "cn" },
  } as const;

  test.each([
    ["aws", "pulumi:providers:aws", { region: "ap-northeast-2" }],
    ["aws", "aws:backup/plan:Plan", { arn: "arn:aws:backup:ap-northeast-2:1:backup-vault:b", other: UNKNOWN }],
    ["aws", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/A" }],
    ["alibaba", "alicloud:actiontrail/trail:Trail", { trailRegion: "All" }],
    ["alibaba", "pulumi:providers:alicloud", { region: "cn-shanghai" }],
    ["tencent", "tencentcloud:index/auditTrack:AuditTrack", { storage: { storageRegion: "ap-shanghai" } }],
    ["tencent", "kubernetes:core/v1:ConfigMap", { region: "us-east-1" }],
  ] as const)("%s: %s under the same law passes", (cloud, type, inputs) => {
    expect(judged("PRV-001", [planned(type, inputs)], { rules, facts: HOMES[cloud] }).outcome).toBe("passed");
  });

  test.each([
    ["aws", "pulumi:providers:aws", { region: "us-east-1" }, "region is in us-east-1"],
    ["aws", "aws:s3/bucket:Bucket", { region: "ap-northeast-1" }, "region is in ap-northeast-1"],
    ["aws", "aws:backup/plan:Plan", { to: ["arn:aws:backup:eu-west-1:1:backup-vault:b"] }, "to.0 is in eu-west-1"],
    ["alibaba", "pulumi:providers:alicloud", { region: "cn-hongkong" }, "region is in cn-hongkong"],
    [
      "alibaba",
      "alicloud:log/store:Store",
      { encryptConf: { userCmkInfo: { regionId: "ap-southeast-1" } } },
      "encryptConf.userCmkInfo.regionId is in ap-southeast-1",
    ],
    [
      "tencent",
      "tencentcloud:index/auditTrack:AuditTrack",
      { storage: { storageRegion: "ap-singapore" } },
      "storage.storageRegion is in ap-singapore",
    ],
    [
      "tencent",
      "tencentcloud:index/postgresqlInstance:PostgresqlInstance",
      { kmsRegion: "na-ashburn" },
      "kmsRegion is in na-ashburn",
    ],
  ] as const)("%s: %s elsewhere is refused: %o", (cloud, type, inputs, problem) => {
    expect(problems("PRV-001", [planned(type, inputs)], { rules, facts: HOMES[cloud] })).toEqual([problem]);
  });

  test("a region that is declared to be under another law than it is, is refused", () => {
    expect(problems("PRV-001", [], { rules, facts: { ...HOMES.aws, jurisdiction: "us" } })).toEqual([
      "ap-northeast-2 is under the law of kr, not of us",
    ]);
  });

  test("the same name is another place on another cloud, Europe is one place, and an unlisted region only itself", () => {
    expect([jurisdictionOf("aws", "us-west-1"), jurisdictionOf("alibaba", "eu-west-1")]).toEqual(["us", "gb"]);
    expect(mayLieIn("aws", "eu-west-1", "eu-central-1")).toBe(true);
    expect(mayLieIn("aws", "eu-west-2", "eu-central-1")).toBe(false);
    expect(mayLieIn("aws", "mars-north-1", "mars-north-1")).toBe(true);
    expect(mayLieIn("aws", "mars-north-1", "us-east-1")).toBe(false);
  });
});

describe("PRV-001: copies, backups and logs", () => {
  const HOME = { topology: "aws", region: "ap-northeast-2", jurisdiction: "kr" } as const;
  const CN_HOME = {
    alibaba: { topology: "alibaba", region: "cn-hangzhou", jurisdiction: "cn" },
    tencent: { topology: "tencent", region: "ap-guangzhou", jurisdiction: "cn" },
  } as const;
  const DOMESTIC = { aws: "ap-northeast-2", alibaba: "cn-shanghai", tencent: "ap-shanghai" } as const;
  const ABROAD = { aws: "us-east-1", alibaba: "cn-hongkong", tencent: "ap-hongkong" } as const;

  /** Each way in which a resource can name the place of a copy, with the place left open. */
  const WAYS: readonly (readonly [keyof typeof DOMESTIC, string, (region: string) => object, string])[] = [
    [
      "aws",
      "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      (region) => ({ sourceDbInstanceArn: `arn:aws:rds:${region}:1:db:a` }),
      "sourceDbInstanceArn",
    ],
    [
      "aws",
      "aws:rds/instance:Instance",
      (region) => ({ replicateSourceDb: `arn:aws:rds:${region}:1:db:a` }),
      "replicateSourceDb",
    ],
    [
      "aws",
      "aws:ecr/replicationConfiguration:ReplicationConfiguration",
      (region) => ({ replicationConfiguration: { rules: [{ destinations: [{ region }] }] } }),
      "replicationConfiguration.rules.0.destinations.0.region",
    ],
    ["aws", "aws:secretsmanager/secret:Secret", (region) => ({ replicas: [{ region }] }), "replicas.0.region"],
    ["aws", "aws:dynamodb/table:Table", (regionName) => ({ replicas: [{ regionName }] }), "replicas.0.regionName"],
    [
      "aws",
      "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
      (region) => ({ destinationArn: `arn:aws:logs:${region}:1:destination:a` }),
      "destinationArn",
    ],
    [
      "aws",
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      (region) => ({ httpEndpointConfiguration: { url: `https://p.${region}.es.amazonaws.com/bulk` } }),
      "httpEndpointConfiguration.url",
    ],
    [
      "alibaba",
      "alicloud:rds/rdsInstanceCrossBackupPolicy:RdsInstanceCrossBackupPolicy",
      (crossBackupRegion) => ({ crossBackupRegion }),
      "crossBackupRegion",
    ],
    [
      "alibaba",
      "alicloud:ecs/autoSnapshotPolicy:AutoSnapshotPolicy",
      (region) => ({ targetCopyRegions: [region] }),
      "targetCopyRegions.0",
    ],
    [
      "alibaba",
      "alicloud:oss/bucketReplication:BucketReplication",
      (region) => ({ destination: { location: `oss-${region}` } }),
      "destination.location",
    ],
    [
      "alibaba",
      "alicloud:oss/bucketReplication:BucketReplication",
      (location) => ({ destination: { location } }),
      "destination.location",
    ],
    [
      "alibaba",
      "alicloud:log/etl:Etl",
      (region) => ({ etlSinks: [{ endpoint: `${region}.log.aliyuncs.com` }] }),
      "etlSinks.0.endpoint",
    ],
    ["alibaba", "alicloud:cr/repoSyncRule:RepoSyncRule", (targetRegionId) => ({ targetRegionId }), "targetRegionId"],
    [
      "tencent",
      "tencentcloud:index/cosBucket:CosBucket",
      (region) => ({ replicaRules: [{ destinationBucket: `qcs::cos:${region}::b-1` }] }),
      "replicaRules.0.destinationBucket",
    ],
    [
      "tencent",
      "tencentcloud:index/mysqlRemoteBackupConfig:MysqlRemoteBackupConfig",
      (region) => ({ remoteRegions: [region] }),
      "remoteRegions.0",
    ],
  ];
  const homeOf = (cloud: keyof typeof DOMESTIC) => (cloud === "aws" ? HOME : CN_HOME[cloud]);

  test.each(WAYS)("%s: %s under the same law passes, elsewhere it is found", (cloud, type, inputs, path) => {
    const given = { rules, facts: homeOf(cloud) };
    expect(judged("PRV-001", [planned(type, { ...inputs(DOMESTIC[cloud]) })], given).outcome).toBe("passed");
    for (const region of [ABROAD[cloud], "xx-nowhere-1"]) {
      if (region.startsWith("xx") && /endpoint|url$/i.test(path)) continue;
      expect(problems("PRV-001", [planned(type, { ...inputs(region) })], given)).toEqual([`${path} is in ${region}`]);
    }
  });

  test("a bucket that copies go to is planned here, or no plan can tell where it is", () => {
    const given = { rules, facts: HOME };
    const replication = (bucket: unknown) =>
      planned("aws:s3/bucketReplicationConfig:BucketReplicationConfig", { rules: [{ destination: { bucket } }] });
    const copies = (more: object) => planned("aws:s3/bucket:Bucket", { bucket: "copies", ...more });
    const to = replication("arn:aws:s3:::copies");
    expect(judged("PRV-001", [to, copies({})], given).outcome).toBe("passed");
    expect(problems("PRV-001", [to, copies({ region: "us-east-1" })], given)).toEqual(["region is in us-east-1"]);
    expect(problems("PRV-001", [to], given)).toEqual([
      "rules.0.destination.bucket is copies, a bucket that is not planned here: no plan can tell where it is",
    ]);
    expect(judged("PRV-001", [replication(UNKNOWN)], given).outcome).toBe("unknown");
    const behind = planned("aws:s3/bucket:Bucket", { bucket: "b", region: UNKNOWN, note: "arn:aws:s3:us-east-1:1:b" });
    expect(problems("PRV-001", [behind], given)).toEqual(["note is in us-east-1"]);
  });
});

describe("PRV-007", () => {
  const release = (chart: string, values: object) => planned("kubernetes:helm.sh/v3:Release", { chart, values });
  const quiet = { "grafana.ini": { analytics: { reporting_enabled: false } } };
  const cell = (telemetry?: object) =>
    planned("kubernetes:core/v1:ConfigMap", {
      metadata: { name: "cell-settings", namespace: "tenant-a" },
      data: { "agent.json": "{}", "base.json": JSON.stringify({ gateway: {}, telemetry }) },
    });
  const off = ["DO_NOT_TRACK", "VLLM_NO_USAGE_STATS"].map((name) => ({ name, value: "1" }));
  const server = (env: object[], command?: string[]) =>
    pod({ name: "vllm", image: "mirror/vllm/vllm-openai@sha256:1", env, command });
  const nim = (env: object[]) => planned("kubernetes:apps.nvidia.com/v1alpha1:NIMService", { spec: { env } });
  const judge = (resource: ReturnType<typeof cell>) => problems("PRV-007", [resource], { rules });

  test("charts, cells and model servers that tell nobody pass", () => {
    const passing = [
      release("kube-prometheus-stack", { grafana: quiet, other: UNKNOWN }),
      release("kube-prometheus-stack", { grafana: { enabled: false } }),
      release("oci://registry/charts/grafana", quiet),
      release("openshell", { server: { telemetryEnabled: false } }),
      release("metallb", {}),
      cell({ enabled: false }),
      server(off),
      server([], ["python3", "fill.py"]),
      nim(off),
    ];
    for (const resource of passing) expect(judged("PRV-007", [resource], { rules }).outcome).toBe("passed");
  });

  test("what reports by default, or is told to, is refused", () => {
    expect(judge(release("kube-prometheus-stack", {}))).toEqual([
      "grafana.grafana.ini.analytics.reporting_enabled is not false",
    ]);
    expect(judge(release("openshell", {}))).toEqual(["server.telemetryEnabled is not false"]);
    expect(judge(release("metallb", { a: { telemetryEnabled: true } }))).toEqual(["a.telemetryEnabled is true"]);
    expect(judge(cell())).toEqual(["the cell's telemetry.enabled is not false"]);
    expect(judge(cell({ enabled: true }))).toHaveLength(1);
    expect(judge(nim([]))).toEqual(["the model server runs without DO_NOT_TRACK=1"]);
    for (const command of [undefined, ["vllm", "serve"]]) {
      expect(judge(server(off.slice(1), command))).toEqual(["container vllm runs without DO_NOT_TRACK=1"]);
    }
  });
});
