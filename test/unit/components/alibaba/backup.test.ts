import { expect, test } from "vitest";
import { copyRegionOf } from "../../../../components/alibaba/copy-region.ts";
import { allOf, built, demand, inputsOf } from "./world.ts";

const resources = await built(demand("acme-alibaba"));

test("copies lie in a vault that is locked and encrypted with a customer key", () => {
  expect(inputsOf(resources, "hbr/vault:Vault")).toMatchObject({
    wormEnabled: true,
    encryptType: "KMS",
    kmsKeyId: "alibaba-keys-backup-id",
  });
});

test("the shared files are copied every day and kept as long as asked for", () => {
  expect(inputsOf(resources, "hbr/policy:Policy", "alibaba-backup-files")["rules"]).toEqual([
    {
      ruleType: "BACKUP",
      backupType: "COMPLETE",
      schedule: "I|1767207600|P1D",
      retention: 35,
      vaultId: "alibaba-backup-id",
    },
  ]);
  expect(inputsOf(resources, ":PolicyBinding")).toMatchObject({
    sourceType: "NAS",
    dataSourceId: "alibaba-storage-id",
    policyId: "alibaba-backup-files-id",
    disabled: false,
  });
});

test("the schedule begins at 03:00 of China's time", () => {
  expect(new Date(1_767_207_600_000).toISOString()).toBe("2025-12-31T19:00:00.000Z");
});

test("disks are found by a tag that nodes with state have, and nodes without do not", () => {
  const { rules } = inputsOf(resources, "hbr/policy:Policy", "alibaba-backup-disks") as {
    rules: Record<string, unknown>[];
  };
  expect(rules[0]).toMatchObject({ immutable: true, retention: 35 });
  expect(rules[1]).toEqual({
    ruleType: "TAG",
    tagFilters: [{ key: "breakwater:backup", operator: "EQUAL", value: "daily" }],
  });
  const tagged = allOf(resources, ":NodePool").map(({ nodePoolName, tags }) => [
    nodePoolName,
    (tags as Record<string, string>)["breakwater:backup"],
  ]);
  expect(tagged).toEqual([
    ["acme-alibaba-system", "daily"],
    ["acme-alibaba-agents", "daily"],
    ["acme-alibaba-sandbox", undefined],
  ]);
});

test("files and disks have a copy in another region under the same law", () => {
  expect(inputsOf(resources, ":ReplicationVault")).toMatchObject({
    replicationSourceRegionId: "cn-hangzhou",
    replicationSourceVaultId: "alibaba-backup-id",
  });
  expect(inputsOf(resources, "pulumi:providers:alicloud", "alibaba-backup-copy")).toMatchObject({
    region: "cn-shanghai",
  });
  const { rules } = inputsOf(resources, "hbr/policy:Policy", "alibaba-backup-disks") as { rules: object[] };
  expect(rules).toContainEqual({ ruleType: "REPLICATION", replicationRegionId: "cn-shanghai", retention: 35 });
});

test.each([
  ["cn-shanghai", "cn-hangzhou"],
  ["cn-hongkong", undefined],
  ["ap-southeast-1", undefined],
])("a copy of what is in %s goes to %s", (region, to) => {
  expect(copyRegionOf({ demand: demand("acme-alibaba", { region }) })).toBe(to);
});

test("under architecture B nothing is copied out of the company's own region", async () => {
  const inside = await built(demand("acme-alibaba-b"));
  expect(allOf(inside, ":ReplicationVault")).toEqual([]);
  expect(JSON.stringify(allOf(inside, "hbr/policy:Policy"))).not.toContain("REPLICATION");
});
