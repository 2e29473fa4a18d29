import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf, planned } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);

const USES = [
  ["cs/managedKubernetes:ManagedKubernetes", "encryptionProviderKey", "cluster"],
  ["rds/instance:Instance", "encryptionKey", "database"],
  ["nas/fileSystem:FileSystem", "kmsKeyId", "volumes"],
  ["hbr/vault:Vault", "kmsKeyId", "backup"],
] as const;

test.each(USES)("%s is encrypted with a key of its own", (type, field, purpose) => {
  expect(inputsOf(resources, type)[field]).toBe(`alibaba-keys-${purpose}-id`);
});

test("every bucket is encrypted with a customer key", () => {
  const found = allOf(resources, ":BucketServerSideEncryption");
  expect(found.map(({ sseAlgorithm }) => sseAlgorithm)).toEqual(["KMS", "KMS", "KMS"]);
  expect(new Set(found.map(({ kmsMasterKeyId }) => kmsMasterKeyId))).toEqual(
    new Set(["alibaba-keys-audit-id", "alibaba-keys-artifacts-id"]),
  );
});

test("every disk of every node is encrypted with the key of volumes", () => {
  const pools = allOf(resources, ":NodePool");
  expect(pools).toHaveLength(3);
  for (const pool of pools) {
    expect(pool).toMatchObject({ systemDiskEncrypted: true, systemDiskKmsKey: "alibaba-keys-volumes-id" });
  }
});

test("every key is in the environment's own store, rotates, and is guarded against deletion", () => {
  const keys = allOf(resources, "kms/key:Key");
  expect(keys).toHaveLength(8);
  for (const key of keys) {
    expect(key).toMatchObject({
      dkmsInstanceId: "alibaba-keys-id",
      automaticRotation: "Enabled",
      rotationInterval: "365d",
      deletionProtection: "Enabled",
      pendingWindowInDays: 366,
    });
  }
});

test("the store stands in the network, in two zones whose vSwitches are paired with them", () => {
  expect(inputsOf(resources, "kms/instance:Instance")).toMatchObject({
    zoneIds: ["cn-hangzhou-i", "cn-hangzhou-j"],
    vswitchIds: ["alibaba-network-data-cn-hangzhou-i-id", "alibaba-network-data-cn-hangzhou-j-id"],
    deletionProtection: true,
  });
});

const STATEFUL = [
  ...["vpc/network:Network", "kms/instance:Instance", "kms/key:Key", "log/project:Project", "log/store:Store"],
  ...[
    "oss/bucket:Bucket",
    "oss/bucketObjectWormConfiguration:BucketObjectWormConfiguration",
    "nas/fileSystem:FileSystem",
  ],
  ...["cr/registryEnterpriseInstance:RegistryEnterpriseInstance", "cs/registryEnterpriseRepo:RegistryEnterpriseRepo"],
  ...["cs/managedKubernetes:ManagedKubernetes", "rds/instance:Instance", "hbr/vault:Vault", "actiontrail/trail:Trail"],
];

test("the engine neither deletes nor lets go of anything that keeps data", async () => {
  const plan = await planned(wanted);
  for (const type of STATEFUL) {
    const found = plan.filter((one) => one.type.endsWith(`:${type}`));
    expect([type, found.length > 0]).toEqual([type, true]);
    expect(found.filter((one) => !(one.protected && one.retainOnDelete)).map(({ urn }) => urn)).toEqual([]);
  }
});
