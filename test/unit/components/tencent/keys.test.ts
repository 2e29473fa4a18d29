import { expect, test } from "vitest";
import { Keys } from "../../../../components/tencent/keys.ts";
import { record } from "../../../support/record.ts";
import { contextFor, ofClass } from "./sample.ts";

test("every kind of data has a key of its own, which rotates and can be called back for thirty days", async () => {
  const seen = ofClass(await record(() => new Keys("keys", contextFor())), "KmsKey");
  expect(seen.map(({ inputs }) => inputs.alias)).toEqual([
    "acme-tencent-cluster",
    "acme-tencent-database",
    "acme-tencent-disks",
    "acme-tencent-objects",
  ]);
  for (const { inputs } of seen) {
    expect(inputs).toMatchObject({ keyRotationEnabled: true, pendingDeleteWindowInDays: 30, isEnabled: true });
    expect(inputs.tags["breakwater:environment"]).toBe("acme-tencent");
  }
});
