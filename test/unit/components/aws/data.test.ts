import { createHash, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { entryWrites, trailWrites } from "../../../../components/aws/buckets.ts";
import { type AwsContext, contextOf } from "../../../../components/aws/context.ts";
import { instanceClass } from "../../../../components/aws/database-class.ts";
import { keyPolicy } from "../../../../components/aws/keys.ts";
import { logGroupName, RETENTIONS, retentionDays } from "../../../../components/aws/logs.ts";
import { onlyTls } from "../../../../components/aws/policies.ts";
import { fileRights } from "../../../../components/aws/storage.ts";
import { zonesOf } from "../../../../components/aws/zones.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { ACCOUNT, CHINA, DEMAND, recorded } from "./recorded.ts";

const seoul = await recorded({}, DEMAND, ({ database }) => {
  database.create("postgres", { storageGiB: 5 }, {});
});
const context = contextOf(DEMAND) as AwsContext;

test("the database is reached from the cluster alone, over TLS 1.3 alone", () => {
  const instance = seoul.one("Instance", "postgres");
  expect(instance.publiclyAccessible).toBe(false);
  expect(instance.vpcSecurityGroupIds).toEqual(["postgres-id"]);
  const ways = seoul.of("SecurityGroupIngressRule").filter(({ inputs }) => inputs.securityGroupId === "postgres-id");
  expect(ways.map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.cidrIpv4, inputs.fromPort])).toEqual([
    ["sg-cluster", undefined, 5432],
  ]);
  expect(seoul.one("SubnetGroup", "postgres").subnetIds).toEqual(
    ["a", "b", "c"].map((letter) => `aws-network-data-ap-northeast-2${letter}-id`),
  );
  expect(seoul.one("ParameterGroup", "postgres").parameters).toEqual(
    expect.arrayContaining([
      { name: "rds.force_ssl", value: "1" },
      { name: "ssl_min_protocol_version", value: "TLSv1.3", applyMethod: "immediate" },
    ]),
  );
  expect(seoul.platform.database.peers).toEqual(zonesOf(DEMAND).map(({ data }) => ({ ipBlock: { cidr: data } })));
});

test("the database is encrypted with its own key, has a standby, keeps its backups and cannot be deleted by mistake", () => {
  expect(seoul.one("Instance", "postgres")).toMatchObject({
    storageEncrypted: true,
    kmsKeyId: expect.stringContaining("aws-keys-database"),
    multiAz: true,
    backupRetentionPeriod: 35,
    deletionProtection: true,
    skipFinalSnapshot: false,
    deleteAutomatedBackups: false,
    // The least that is sold; asked for were 5.
    allocatedStorage: 20,
    storageType: "gp3",
  });
});

test("the administrator's password comes from its generator alone, and is secret where it goes", () => {
  const { password } = seoul.one("Instance", "postgres");
  expect(Object.keys(password)).toHaveLength(2);
  expect(password.value).toBe("a generated password");
});

test.each([
  [{ vcpus: 2, memoryGiB: 4 }, "db.t4g.medium"],
  [{ vcpus: 2, memoryGiB: 8 }, "db.m7g.large"],
  [{ vcpus: 4, memoryGiB: 16 }, "db.m7g.xlarge"],
])("a database of %o is the cheapest class that has it", (size, expected) => {
  const database = { ...DEMAND.database, ...size };
  expect(instanceClass({ database, region: "us-east-1" })).toBe(expected);
  expect(instanceClass({ database, region: "cn-north-1" })).toBe(expected.replace("m7g", "m6g"));
});

test("a database that no class is large enough for is refused", () => {
  const database = { ...DEMAND.database, vcpus: 200 };
  expect(() => instanceClass({ database, region: "us-east-1" })).toThrow("[placement/database] deployment.size:");
});

test("every stored authority is the self-signed root of RDS in its region, and holds for years", () => {
  const folder = `${projectRoot}/components/aws/authorities`;
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const root = new X509Certificate(readFileSync(`${folder}/${file}`));
    expect(root.subject).toContain(`CN=Amazon RDS ${file.replace(".pem", "")} Root CA RSA2048 G1`);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(Date.parse(root.validTo)).toBeGreaterThan(Date.parse("2055-01-01"));
  }
});

test("the database's authority is in every region outside China", () => {
  const { authority } = seoul.platform.database;
  const text = String(authority);
  expect(createHash("sha256").update(new X509Certificate(text).raw).digest("hex")).toBe(
    "e8de13bf9665ba1a2967008028ffe4f9b4f0a6def6e3caf76e0d496cd6facffc",
  );
});

test("volumes are encrypted with the customer's key, are made where their pod runs, and outlive what asked for them", () => {
  const volumes = seoul.one("StorageClass", "aws-storage-volumes");
  expect(volumes).toMatchObject({
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true", kmsKeyId: expect.stringContaining("aws-keys-volumes") },
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Retain",
  });
  expect(volumes.metadata.name).toBe(seoul.platform.storageClass);
});

test("shared volumes lie in an encrypted file system, mounted over TLS by access points in three zones", () => {
  expect(seoul.one("FileSystem", "aws-storage")).toMatchObject({
    encrypted: true,
    kmsKeyId: expect.stringContaining("aws-keys-volumes"),
  });
  const shared = seoul.one("StorageClass", "aws-storage-shared");
  expect(shared.mountOptions).toEqual(["tls", "iam"]);
  expect(shared.parameters).toMatchObject({ provisioningMode: "efs-ap", fileSystemId: "aws-storage-id" });
  expect(shared.metadata.name).toBe(seoul.platform.sharedStorageClass);
  expect(seoul.of("MountTarget")).toHaveLength(3);
  const [mount, deny] = JSON.parse(fileRights("arn:fs", ACCOUNT)).Statement;
  expect(mount.Condition.StringEquals).toEqual({ "aws:PrincipalAccount": ACCOUNT });
  expect(mount.Condition.Bool).toEqual({ "elasticfilesystem:AccessedViaMountTarget": "true" });
  expect(deny).toMatchObject({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
});

const BUCKETS = ["audit", "artifacts", "entry-logs"].map((role) => `aws-${role}`);

test.each(BUCKETS)("bucket %s is closed to the public, versioned, and refuses anybody without TLS", (name) => {
  expect(seoul.one("BucketPublicAccessBlock", name)).toMatchObject({
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  expect(seoul.one("BucketVersioning", name).versioningConfiguration).toEqual({ status: "Enabled" });
  expect(seoul.one("BucketOwnershipControls", name).rule).toEqual({ objectOwnership: "BucketOwnerEnforced" });
  const bucket = seoul.one("Bucket", name).bucket;
  const { Statement } = JSON.parse(seoul.one("BucketPolicy", name).policy);
  expect(Statement.slice(0, 2)).toEqual(onlyTls(`arn:aws:s3:::${bucket}`));
});

test("audit objects cannot be deleted by anybody before their retention ends", () => {
  expect(seoul.one("Bucket", "aws-audit").objectLockEnabled).toBe(true);
  expect(seoul.one("BucketObjectLockConfiguration", "aws-audit").rule).toEqual({
    defaultRetention: { mode: "COMPLIANCE", days: 365 },
  });
  const [rule] = seoul.one("BucketLifecycleConfiguration", "aws-audit").rules;
  expect(rule.noncurrentVersionExpiration.noncurrentDays).toBeGreaterThanOrEqual(365);
  expect(rule.expiration).toBeUndefined();
});

test("buckets use the customer's keys; only access logs of the load balancer cannot", () => {
  const encryption = (name: string) =>
    seoul.one("BucketServerSideEncryptionConfiguration", name).rules[0].applyServerSideEncryptionByDefault;
  expect(encryption("aws-audit")).toEqual({
    sseAlgorithm: "aws:kms",
    kmsMasterKeyId: expect.stringContaining("aws-keys-audit"),
  });
  expect(encryption("aws-artifacts").kmsMasterKeyId).toContain("aws-keys-artifacts");
  expect(encryption("aws-entry-logs")).toEqual({ sseAlgorithm: "AES256" });
});

test("only this account's trail writes into the audit bucket, and only its load balancers into theirs", () => {
  const bucketArn = "arn:aws:s3:::own";
  const trail = trailWrites(context, "acme-aws-trail")?.({ bucketArn, account: ACCOUNT }) ?? [];
  expect(trail.map(({ Condition }) => Condition)).toEqual(
    [1, 2].map(() => ({
      StringEquals: { "aws:SourceArn": `arn:aws:cloudtrail:ap-northeast-2:${ACCOUNT}:trail/acme-aws-trail` },
    })),
  );
  const [logs] = entryWrites(context)?.({ bucketArn, account: ACCOUNT }) ?? [];
  expect(logs?.Condition?.["StringEquals"]).toEqual({ "aws:SourceAccount": ACCOUNT });
});

test("every key is rotated each year and says who may use it; no service may use another's", () => {
  const keys = seoul.of("Key");
  expect(keys).toHaveLength(10);
  for (const { inputs } of keys) {
    expect(inputs).toMatchObject({ enableKeyRotation: true, rotationPeriodInDays: 365, deletionWindowInDays: 30 });
    const [first] = JSON.parse(inputs.policy).Statement;
    expect(first.Principal).toEqual({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
  }
  for (const purpose of ["cluster", "database", "artifacts", "registry", "backup", "vault"] as const) {
    expect(keyPolicy(context, ACCOUNT, purpose).Statement).toHaveLength(1);
  }
});

test("a key that everybody of the account may use is usable only through the service it is for", () => {
  const open = keyPolicy(context, ACCOUNT, "volumes").Statement.slice(1);
  expect(open.map(({ Condition }) => Condition?.["StringEquals"])).toEqual(
    ["ec2", "elasticfilesystem"].map((service) => ({
      "kms:CallerAccount": ACCOUNT,
      "kms:ViaService": `${service}.ap-northeast-2.amazonaws.com`,
    })),
  );
  const logs = keyPolicy(contextOf(CHINA), ACCOUNT, "logs").Statement[1];
  expect(logs?.Principal).toEqual({ Service: "logs.cn-northwest-1.amazonaws.com.cn" });
});

test("a retention is one that CloudWatch takes and no shorter than asked; beyond the longest, for ever", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3653 }), (days) => {
      const kept = retentionDays(days);
      expect(RETENTIONS).toContain(kept);
      expect(kept).toBeGreaterThanOrEqual(days);
    }),
  );
  expect(retentionDays(730)).toBe(731);
  expect(retentionDays(4000)).toBe(0);
});

test("every log group is encrypted with the customer's key and kept as long as audit records", () => {
  const groups = seoul.of("LogGroup");
  expect(groups).toHaveLength(5);
  for (const { inputs } of groups) {
    expect(inputs).toMatchObject({ retentionInDays: 365, deletionProtectionEnabled: true });
    expect(inputs.kmsKeyId).toContain("aws-keys-logs");
  }
  expect(logGroupName(context, "entry")).toMatch(/^aws-waf-logs-/);
});

test("every packet's flow is written down, and the trail is checked, encrypted and of all regions", () => {
  expect(seoul.one("FlowLog", "aws-logs")).toMatchObject({ trafficType: "ALL", vpcId: "aws-network-id" });
  expect(seoul.one("Trail", "aws-trail")).toMatchObject({
    enableLogFileValidation: true,
    isMultiRegionTrail: true,
    s3BucketName: seoul.one("Bucket", "aws-audit").bucket,
    kmsKeyId: expect.stringContaining("aws-keys-audit"),
  });
});

test("recovery points are locked, encrypted, and made every night of what holds data, not of nodes", () => {
  expect(seoul.one("Vault", "aws-backup").kmsKeyArn).toContain("aws-keys-backup");
  expect(seoul.one("VaultLockConfiguration", "aws-backup")).toMatchObject({
    changeableForDays: 3,
    minRetentionDays: 35,
    maxRetentionDays: 365,
  });
  const rules = seoul.one("Plan", "aws-backup").rules;
  expect(rules.map(({ lifecycle }: { lifecycle: object }) => lifecycle)).toEqual([
    { deleteAfter: 35 },
    { deleteAfter: 365 },
  ]);
  const [tag] = seoul.one("Selection", "aws-backup").selectionTags;
  expect(seoul.one("LaunchTemplate", "aws-nodes-agents").tags).not.toHaveProperty(tag.key);
  for (const [kind, name] of [
    ["Instance", "postgres"],
    ["FileSystem", "aws-storage"],
  ] as const) {
    expect(seoul.one(kind, name).tags[tag.key]).toBe(tag.value);
  }
});
