import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf, planned } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);

interface Policy {
  readonly Statement: readonly {
    Effect: string;
    Action: string[];
    Condition: Record<string, Record<string, string[]>>;
  }[];
}

function policyOf(name: string): Policy {
  return JSON.parse((inputsOf(resources, ":BucketPolicy", name) as { policy: string }).policy) as Policy;
}

test("no account can delete or change an audit object before its days are over", () => {
  expect(inputsOf(resources, ":BucketObjectWormConfiguration")).toEqual({
    bucketName: "alibaba-storage-audit-id",
    objectWormEnabled: "Enabled",
    rule: { defaultRetention: { mode: "COMPLIANCE", days: 365 } },
  });
});

test("versions come before the lock, which needs them", async () => {
  const plan = await planned(wanted);
  const versions = plan.find(
    ({ type, name }) => type.endsWith(":BucketVersioning") && name === "alibaba-storage-audit",
  );
  const lock = plan.find(({ type }) => type.endsWith(":BucketObjectWormConfiguration"));
  expect(lock?.dependencies).toContain(versions?.urn);
});

const BUCKETS = ["alibaba-storage-audit", "alibaba-storage-artifacts", "alibaba-registry-layers"];

test.each(BUCKETS)("%s is private, versioned, and answers by TLS 1.2 or later alone", (name) => {
  expect(inputsOf(resources, ":BucketPublicAccessBlock", name)).toMatchObject({ blockPublicAccess: true });
  expect(inputsOf(resources, ":BucketVersioning", name)).toMatchObject({ status: "Enabled" });
  expect(inputsOf(resources, ":BucketHttpsConfig", name)).toMatchObject({ tlsVersions: ["TLSv1.2", "TLSv1.3"] });
  expect(policyOf(name).Statement[0]).toMatchObject({
    Effect: "Deny",
    Action: ["oss:*"],
    Condition: { Bool: { "acs:SecureTransport": ["false"] } },
  });
});

test.each(BUCKETS)("the policy of %s opens nothing: it only refuses", (name) => {
  expect(new Set(policyOf(name).Statement.map(({ Effect }) => Effect))).toEqual(new Set(["Deny"]));
});

test.each(BUCKETS.slice(0, 2))("%s is read from the environment's network and from nowhere else", (name) => {
  expect(policyOf(name).Statement[1]).toMatchObject({
    Effect: "Deny",
    Action: expect.arrayContaining(["oss:GetObject", "oss:ListObjects"]) as unknown,
    Condition: { StringNotEquals: { "acs:SourceVpc": ["alibaba-network-id"] } },
  });
});

test("bucket names fit and are the company's own: another owner's would not meet them", async () => {
  const names = allOf(resources, "oss/bucket:Bucket").map(({ bucket }) => String(bucket));
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  const others = await built(demand("acme-alibaba", { owner: "somebody-else" }));
  const theirs = allOf(others, "oss/bucket:Bucket").map(({ bucket }) => String(bucket));
  expect(names.filter((name) => theirs.includes(name))).toEqual([]);
});

test("volumes of one pod are encrypted disks beside their pod, which outlive their claim", () => {
  expect(inputsOf(resources, ":StorageClass", "alibaba-storage-disk")).toMatchObject({
    metadata: { name: "breakwater-disk" },
    provisioner: "diskplugin.csi.alibabacloud.com",
    parameters: { type: "cloud_essd", encrypted: "true", kmsKeyId: "alibaba-keys-volumes-id" },
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
  });
});

test("shared volumes are folders of one file system, encrypted with a customer key", () => {
  expect(inputsOf(resources, ":FileSystem")).toMatchObject({ encryptType: 2, kmsKeyId: "alibaba-keys-volumes-id" });
  expect(inputsOf(resources, ":StorageClass", "alibaba-storage-shared")).toMatchObject({
    metadata: { name: "breakwater-shared" },
    parameters: { volumeAs: "subpath", server: "files-id-abc.region.extreme.nas.aliyuncs.com:/share" },
    reclaimPolicy: "Retain",
  });
});

test("it is mounted from the nodes' vSwitches and from nowhere else", () => {
  const rules = allOf(resources, ":AccessRule").map(({ sourceCidrIp }) => sourceCidrIp);
  expect(rules).toEqual(["10.80.0.0/18", "10.80.64.0/18", "10.80.128.0/18"]);
  expect(inputsOf(resources, ":MountTarget")).toMatchObject({ vswitchId: "alibaba-network-data-cn-hangzhou-i-id" });
});
