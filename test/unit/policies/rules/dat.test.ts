import { describe, expect, test } from "vitest";
import { dat001 } from "../../../../policies/rules/dat-001.ts";
import { dat002 } from "../../../../policies/rules/dat-002.ts";
import { dat003 } from "../../../../policies/rules/dat-003.ts";
import { dat004 } from "../../../../policies/rules/dat-004.ts";
import { dat005 } from "../../../../policies/rules/dat-005.ts";
import { dat007 } from "../../../../policies/rules/dat-007.ts";
import { dat008 } from "../../../../policies/rules/dat-008.ts";
import { dat009 } from "../../../../policies/rules/dat-009.ts";
import { dat011 } from "../../../../policies/rules/dat-011.ts";
import { FACTS, judged, planned, problems } from "../../../support/judge.ts";
import { alibabaBucket, awsBucket, CLOUDS, changed, tencentBucket, without } from "../../../support/judged-buckets.ts";

const rules = [dat001, dat002, dat003, dat004, dat005, dat007, dat008, dat009, dat011];
const UNKNOWN = { __pulumiUnknown: true };
type Resources = ReturnType<typeof awsBucket>;

const AWS = (): Resources => [
  planned("aws:rds/instance:Instance", {
    publiclyAccessible: false,
    storageEncrypted: true,
    kmsKeyId: UNKNOWN,
    multiAz: true,
    backupRetentionPeriod: 14,
    parameterGroupName: "postgres",
    password: UNKNOWN,
  }),
  planned("aws:rds/parameterGroup:ParameterGroup", {
    parameters: [
      { name: "rds.force_ssl", value: "1" },
      { name: "log_connections", value: "1" },
    ],
  }),
  planned("aws:backup/plan:Plan", {
    rules: [
      {
        ruleName: "nightly",
        lifecycle: { deleteAfter: 14 },
        copyActions: [{ destinationVaultArn: "arn:aws:backup:ap-northeast-2:1:backup-vault:b" }],
      },
    ],
  }),
  planned("aws:backup/vault:Vault", { name: "backup" }),
  planned("aws:backup/vaultLockConfiguration:VaultLockConfiguration", {
    backupVaultName: "backup",
    minRetentionDays: 7,
  }),
];

const ALIBABA = (): Resources => [
  planned("alicloud:rds/instance:Instance", {
    zoneId: "a",
    zoneIdSlaveA: "b",
    securityIps: ["10.0.0.0/8"],
    encryptionKey: UNKNOWN,
    sslAction: "Open",
    parameters: [{ name: "log_connections", value: "on" }],
  }),
  planned("alicloud:rds/backupPolicy:BackupPolicy", {
    instanceId: UNKNOWN,
    backupRetentionPeriod: 14,
    enableBackupLog: true,
    logBackupRetentionPeriod: 14,
  }),
  planned("alicloud:hbr/policy:Policy", {
    rules: [{ ruleType: "BACKUP", retention: 14, vaultId: UNKNOWN }, { ruleType: "TAG" }],
  }),
  planned("alicloud:hbr/vault:Vault", { wormEnabled: true }),
  planned("alicloud:hbr/replicationVault:ReplicationVault", { replicationSourceRegionId: "cn-hangzhou" }),
];

const TENCENT = (): Resources => [
  planned("tencentcloud:index/postgresqlInstance:PostgresqlInstance", {
    publicAccessSwitch: false,
    needSupportTde: 1,
    kmsKeyId: UNKNOWN,
    dbNodeSets: [{ zone: "a" }, { zone: "b" }],
    backupPlan: { baseBackupRetentionPeriod: 14 },
  }),
  planned("tencentcloud:index/postgresqlInstanceSslConfig:PostgresqlInstanceSslConfig", { sslEnabled: true }),
  planned("tencentcloud:index/postgresAuditService:PostgresAuditService", {}),
];

const DATABASES = {
  aws: [AWS, { topology: "aws", region: "ap-northeast-2" }],
  alibaba: [ALIBABA, { topology: "alibaba", region: "cn-hangzhou" }],
  tencent: [TENCENT, { topology: "tencent", region: "ap-guangzhou" }],
} as const;

test.each(["aws", "alibaba", "tencent"] as const)("%s: a database as it must be, with its backups, passes", (cloud) => {
  const [resources, facts] = DATABASES[cloud];
  for (const id of ["DAT-001", "DAT-002", "DAT-003"]) {
    expect([id, judged(id, resources(), { rules, facts }).outcome]).toEqual([id, "passed"]);
  }
  if (cloud === "tencent") return;
  for (const id of ["DAT-004", "DAT-005"]) {
    expect([id, judged(id, resources(), { rules, facts }).outcome]).toEqual([id, "passed"]);
  }
});

const CHANGES: readonly (readonly [string, keyof typeof DATABASES, string, object, string])[] = [
  ["DAT-001", "aws", "Instance", { publiclyAccessible: true }, "publiclyAccessible is true"],
  ["DAT-001", "aws", "Instance", { storageEncrypted: false }, "storageEncrypted is not true"],
  ["DAT-001", "aws", "Instance", { kmsKeyId: undefined }, "kmsKeyId is missing"],
  ["DAT-001", "aws", "Instance", { multiAz: false }, "multiAz is not true"],
  ["DAT-001", "alibaba", "Instance", { securityIps: ["0.0.0.0/0"] }, "securityIps has 0.0.0.0/0"],
  ["DAT-001", "alibaba", "Instance", { encryptionKey: "" }, "encryptionKey is missing"],
  ["DAT-001", "alibaba", "Instance", { zoneIdSlaveA: "a" }, "zoneIdSlaveA is a"],
  ["DAT-001", "alibaba", "Instance", { zoneIdSlaveA: undefined }, "zoneIdSlaveA is missing"],
  ["DAT-001", "tencent", "PostgresqlInstance", { publicAccessSwitch: true }, "publicAccessSwitch is true"],
  ["DAT-001", "tencent", "PostgresqlInstance", { needSupportTde: 0 }, "needSupportTde is not 1"],
  ["DAT-001", "tencent", "PostgresqlInstance", { kmsKeyId: undefined }, "kmsKeyId is missing"],
  [
    "DAT-001",
    "tencent",
    "PostgresqlInstance",
    { dbNodeSets: [{ zone: "a" }, { zone: "a" }] },
    "dbNodeSets are in one zone",
  ],
  ["DAT-002", "aws", "Instance", { parameterGroupName: undefined }, "parameterGroupName is missing"],
  [
    "DAT-002",
    "aws",
    "ParameterGroup",
    { parameters: [{ name: "log_connections", value: "1" }] },
    "rds.force_ssl is not 1",
  ],
  [
    "DAT-002",
    "aws",
    "ParameterGroup",
    { parameters: [{ name: "rds.force_ssl", value: "1" }] },
    "log_connections is not on",
  ],
  ["DAT-002", "alibaba", "Instance", { sslAction: "Close" }, "sslAction is Close"],
  ["DAT-002", "alibaba", "Instance", { parameters: [] }, "log_connections is not on"],
  ["DAT-002", "tencent", "SslConfig", { sslEnabled: false }, "sslEnabled is not true"],
  ["DAT-003", "aws", "Instance", { backupRetentionPeriod: 13 }, "backupRetentionPeriod is 13, less than 14 days"],
  [
    "DAT-003",
    "aws",
    "Plan",
    { rules: [{ ruleName: "a", lifecycle: { deleteAfter: 13 } }] },
    "retention is 13, less than 14 days",
  ],
  [
    "DAT-003",
    "alibaba",
    "BackupPolicy",
    { backupRetentionPeriod: 13 },
    "backupRetentionPeriod is 13, less than 14 days",
  ],
  ["DAT-003", "alibaba", "BackupPolicy", { enableBackupLog: false }, "enableBackupLog is not true"],
  [
    "DAT-003",
    "alibaba",
    "BackupPolicy",
    { logBackupRetentionPeriod: 1 },
    "logBackupRetentionPeriod is 1, less than 14 days",
  ],
  [
    "DAT-003",
    "alibaba",
    "Policy",
    { rules: [{ ruleType: "BACKUP", retention: 1 }] },
    "retention is 1, less than 14 days",
  ],
  [
    "DAT-003",
    "tencent",
    "PostgresqlInstance",
    { backupPlan: undefined },
    "baseBackupRetentionPeriod is 7, less than 14 days",
  ],
  [
    "DAT-004",
    "aws",
    "Plan",
    { rules: [{ ruleName: "a", copyActions: [{ destinationVaultArn: "arn:aws:backup:us-east-1:1:backup-vault:b" }] }] },
    "a copies to us-east-1",
  ],
  [
    "DAT-004",
    "alibaba",
    "ReplicationVault",
    { replicationSourceRegionId: "ap-southeast-1" },
    "copies from ap-southeast-1",
  ],
  ["DAT-005", "aws", "VaultLockConfiguration", { minRetentionDays: undefined }, "minRetentionDays is missing"],
  ["DAT-005", "aws", "VaultLockConfiguration", { backupVaultName: "another" }, "the vault is not locked"],
  ["DAT-005", "alibaba", "Vault", { wormEnabled: false }, "wormEnabled is not true"],
];

test.each(CHANGES)("%s %s %s: %o is refused", (id, cloud, type, change, problem) => {
  const [resources, facts] = DATABASES[cloud];
  const exact = resources().map((resource) =>
    resource.type.endsWith(`:${type}`) || (type === "SslConfig" && resource.type.endsWith(type))
      ? { ...resource, inputs: { ...resource.inputs, ...change } }
      : resource,
  );
  expect(problems(id, exact, { rules, facts })).toEqual([problem]);
});

test.each([
  ["DAT-002", "tencent", "AuditService", "no audit service records connections"],
  ["DAT-003", "alibaba", "backupPolicy", "no backup policy is planned"],
  ["DAT-004", "aws", "backup/plan", "no backup plan is planned"],
  ["DAT-004", "alibaba", "replicationVault", "no replication vault takes a copy"],
  ["DAT-005", "aws", "vaultLock", "the vault is not locked"],
] as const)("%s %s without %s is refused", (id, cloud, type, problem) => {
  const [resources, facts] = DATABASES[cloud];
  expect(problems(id, without(resources(), type), { rules, facts })).toEqual([problem]);
});

test("DAT-001: an address of the internet for a database of Alibaba Cloud is refused", () => {
  expect(problems("DAT-001", [planned("alicloud:rds/connection:Connection", {})], { rules })).toHaveLength(1);
});

describe("DAT-007", () => {
  const judge = (resources: Resources) => problems("DAT-007", resources, { rules });

  test("private buckets pass on every cloud, their names known or not", () => {
    for (const bucket of Object.values(CLOUDS)) {
      for (const name of ["acme", UNKNOWN]) expect(judged("DAT-007", bucket(name), { rules }).outcome).toBe("passed");
    }
  });

  test("what is public, or could be made so, is refused on every cloud", () => {
    for (const field of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]) {
      expect(judge(changed(awsBucket(), "PublicAccessBlock", { [field]: false }))).toEqual([`${field} is not true`]);
    }
    expect(judge(without(awsBucket(), "PublicAccessBlock"))).toEqual(["nothing blocks public access"]);
    expect(judge(without(alibabaBucket(), "PublicAccessBlock"))).toEqual(["nothing blocks public access"]);
    const acl = planned("alicloud:oss/bucketAcl:BucketAcl", { bucket: "acme-audit", acl: "public-read-write" });
    expect(judge([...alibabaBucket(), acl])).toEqual(["acl is public-read-write"]);
    expect(judge(changed(tencentBucket(), "CosBucket", { acl: "public-read" }))).toEqual(["acl is public-read"]);
  });
});

describe("DAT-008", () => {
  const disk = (provisioner: string, parameters: object, change = {}) =>
    planned("kubernetes:storage.k8s.io/v1:StorageClass", {
      provisioner,
      parameters,
      reclaimPolicy: "Retain",
      ...change,
    });
  const GOOD = [
    disk("ebs.csi.aws.com", { encrypted: "true", kmsKeyId: UNKNOWN }),
    disk("diskplugin.csi.alibabacloud.com", { encrypted: "true", kmsKeyId: UNKNOWN }),
    disk("com.tencent.cloud.csi.cbs", { encrypt: "ENCRYPT", kmsKeyId: UNKNOWN }),
    disk("efs.csi.aws.com", {}),
    disk("nasplugin.csi.alibabacloud.com", {}),
    planned("aws:efs/fileSystem:FileSystem", { encrypted: true, kmsKeyId: UNKNOWN }),
    planned("alicloud:nas/fileSystem:FileSystem", { encryptType: 2, kmsKeyId: UNKNOWN }),
  ];

  test("encrypted volumes that outlive their claims pass on every cloud", () => {
    for (const resource of GOOD) expect(judged("DAT-008", [resource], { rules }).outcome).toBe("passed");
  });

  test.each([
    [disk("ebs.csi.aws.com", { encrypted: "false", kmsKeyId: "k" }), "parameters.encrypted is not true"],
    [disk("ebs.csi.aws.com", { encrypted: "true" }), "parameters.kmsKeyId is missing"],
    [disk("diskplugin.csi.alibabacloud.com", { kmsKeyId: "k" }), "parameters.encrypted is not true"],
    [disk("com.tencent.cloud.csi.cbs", { kmsKeyId: "k" }), "parameters.encrypt is not ENCRYPT"],
    [disk("com.tencent.cloud.csi.cfs", {}), "nothing shows that com.tencent.cloud.csi.cfs encrypts volumes"],
    [disk("efs.csi.aws.com", {}, { reclaimPolicy: "Delete" }), "reclaimPolicy is Delete"],
    [disk("efs.csi.aws.com", {}, { reclaimPolicy: undefined }), "reclaimPolicy is Delete"],
    [planned("aws:efs/fileSystem:FileSystem", { kmsKeyId: "k" }), "encrypted is not true"],
    [planned("aws:efs/fileSystem:FileSystem", { encrypted: true }), "kmsKeyId is missing"],
    [planned("alicloud:nas/fileSystem:FileSystem", { encryptType: 1, kmsKeyId: "k" }), "encryptType is not 2"],
    [planned("alicloud:nas/fileSystem:FileSystem", { encryptType: 2 }), "kmsKeyId is missing"],
  ])("%#: refused", (resource, problem) => {
    expect(problems("DAT-008", [resource], { rules })).toEqual([problem]);
  });
});

describe("DAT-009", () => {
  const cell = (pruneAfter: string, mode = "enforce", namespace = "tenant-a") =>
    planned("kubernetes:core/v1:ConfigMap", {
      metadata: { name: "cell-settings", namespace },
      data: { "agent.json": "{}", "base.json": JSON.stringify({ session: { maintenance: { mode, pruneAfter } } }) },
    });
  const judge = (resource: ReturnType<typeof cell>, facts = {}) => problems("DAT-009", [resource], { rules, facts });

  test("a cell that removes what is older than promised passes", () => {
    expect(judged("DAT-009", [cell("90d")], { rules }).outcome).toBe("passed");
  });

  test("another period, a mere warning, another tenant's cell or an endless promise are refused", () => {
    expect(judge(cell("91d"))).toEqual(["the cell keeps sessions 91d, not 90d"]);
    expect(judge(cell("90d", "warn"))).toEqual(["the cell's maintenance is warn"]);
    expect(judge(cell("90d", "enforce", "tenant-b"))).toEqual(["no cell of tenant-a removes what is too old"]);
    for (const retentionDays of [0, 3651]) {
      const tenants = FACTS.tenants.map((tenant) => ({ ...tenant, retentionDays }));
      expect(judge(cell(`${retentionDays}d`), { tenants })).toEqual([`tenant a keeps data ${retentionDays} days`]);
    }
  });
});

describe("DAT-011", () => {
  const tags = {
    "breakwater:data-class": "internal",
    "breakwater:residency": "ap-northeast-2",
    "breakwater:owner": "platform",
  };
  const TYPES = ["aws:s3/bucket:Bucket", "alicloud:oss/bucket:Bucket", "tencentcloud:index/cosBucket:CosBucket"];

  test.each(TYPES)("%s: whose, of which class and where passes; a missing or wrong tag is refused", (type) => {
    const judge = (given?: object) => problems("DAT-011", [planned(type, { bucket: "a", tags: given })], { rules });
    expect(judge(tags)).toEqual([]);
    expect(judge({ ...tags, "breakwater:residency": "kr" })).toEqual([]);
    expect(judge({ ...tags, "breakwater:data-class": "public" })).toEqual(["tag breakwater:data-class is public"]);
    expect(judge({ ...tags, "breakwater:residency": "us-east-1" })).toEqual(["tag breakwater:residency is us-east-1"]);
    expect(judge({ ...tags, "breakwater:owner": "" })).toEqual(["tag breakwater:owner is missing"]);
    expect(judge()).toHaveLength(3);
  });
});

test.each([
  [
    "aws",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    (region: string) => ({ sourceDbInstanceArn: `arn:aws:rds:${region}:1:db:a` }),
    "us-east-1",
  ],
  [
    "alibaba",
    "alicloud:rds/rdsInstanceCrossBackupPolicy:RdsInstanceCrossBackupPolicy",
    (crossBackupRegion: string) => ({ crossBackupRegion }),
    "cn-hongkong",
  ],
  [
    "alibaba",
    "alicloud:oss/bucketReplication:BucketReplication",
    (region: string) => ({ destination: { location: `oss-${region}` } }),
    "ap-southeast-1",
  ],
] as const)("DAT-004: %s %s keeps its copies under the law of the data", (cloud, type, inputs, abroad) => {
  const [resources, facts] = DATABASES[cloud];
  const judge = (region: string) =>
    problems("DAT-004", [...resources(), planned(type, inputs(region))], { rules, facts });
  expect(judge(facts.region)).toEqual([]);
  expect(judge(abroad)).toEqual([`copies to ${abroad}`]);
});

test("DAT-004: copies of a bucket go to one that is planned here", () => {
  const [resources, facts] = DATABASES.aws;
  const copy = planned("aws:s3/bucketReplicationConfig:BucketReplicationConfig", {
    rules: [{ destination: { bucket: "arn:aws:s3:::copies" } }],
  });
  const bucket = planned("aws:s3/bucket:Bucket", { bucket: "copies" });
  expect(problems("DAT-004", [...resources(), copy, bucket], { rules, facts })).toEqual([]);
  expect(problems("DAT-004", [...resources(), copy], { rules, facts })).toHaveLength(1);
});
