import { expect, test } from "vitest";
import { Backup } from "../../../../components/tencent/backup.ts";
import { Storage } from "../../../../components/tencent/storage.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, ofClass, parts } from "./sample.ts";

const storage = () =>
  record(() => {
    const context = contextFor();
    return new Storage("storage", context, { ...parts(context), backup: new Backup("backup", context) });
  });

test("cells' disks are encrypted, come under the nightly snapshots, and outlive their claims", async () => {
  const seen = await storage();
  expect(at(seen, "StorageClass", "storage-disk")).toMatchObject({
    metadata: { name: "breakwater-disk" },
    provisioner: "com.tencent.cloud.csi.cbs",
    parameters: { encrypt: "ENCRYPT", kmsKeyId: "keys-disks-id", aspid: "backup-id" },
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
  });
  expect(at(seen, "CbsSnapshotPolicy", "backup")).toEqual({
    snapshotPolicyName: "acme-tencent-cells",
    repeatWeekdays: [0, 1, 2, 3, 4, 5, 6],
    repeatHours: [3],
    retentionDays: 14,
  });
});

test("no parameter of a disk holds a separator of the driver's own", async () => {
  const { parameters } = at(await storage(), "StorageClass", "storage-disk");
  for (const value of Object.values(parameters)) expect(value).not.toMatch(/[,:]/);
});

test("shared file systems can be mounted from the nodes' subnets alone", async () => {
  const seen = await storage();
  expect(ofClass(seen, "CfsAccessRule").map(({ inputs }) => [inputs.authClientIp, inputs.rwPermission])).toEqual([
    ["10.68.0.0/18", "RW"],
    ["10.68.64.0/18", "RW"],
    ["10.68.128.0/18", "RW"],
  ]);
  expect(at(seen, "StorageClass", "storage-shared").parameters).toMatchObject({
    pgroupid: "storage-id",
    vpcid: "network-id",
  });
});
