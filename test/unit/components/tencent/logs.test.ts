import fc from "fast-check";
import { expect, test } from "vitest";
import { retentionDays } from "../../../../components/tencent/logs.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, ofClass, parts } from "./sample.ts";

const logs = (change = {}) => record(() => parts(contextFor(change)));

test("each log is kept as long as audit records, and can be read by no one without a login", async () => {
  const topics = ofClass(await logs({ auditRetentionDays: 400 }), "ClsTopic").map(({ inputs }) => inputs);
  expect(topics.map(({ topicName }) => topicName)).toEqual([
    "acme-tencent-account",
    "acme-tencent-cluster",
    "acme-tencent-entry",
    "acme-tencent-flows",
  ]);
  for (const topic of topics) expect(topic).toMatchObject({ period: 400, isWebTracking: false, storageType: "hot" });
});

test("a log is never kept shorter than asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 36_500 }), (days) => {
      expect(retentionDays(days)).toBe(days <= 3600 ? days : 3640);
    }),
  );
});

test("each log goes to the bucket whose objects nobody can delete, every five minutes", async () => {
  const seen = await logs();
  for (const log of ["cluster", "flows", "account", "entry"]) {
    expect(at(seen, "ClsCosShipper", `logs-${log}`)).toMatchObject({
      topicId: `logs-${log}-id`,
      bucket: "audit-id",
      prefix: `logs/${log}/`,
      interval: 300,
    });
    expect(at(seen, "ClsIndex", `logs-${log}`)).toMatchObject({ topicId: `logs-${log}-id`, status: true });
  }
});

test("every call to every API of the account is written down", async () => {
  expect(at(await logs(), "AuditTrack", "logs")).toMatchObject({
    actionType: "*",
    resourceType: "*",
    eventNames: ["*"],
    status: 1,
    storage: { storageType: "cls", storageName: "logs-account-id", storageRegion: "ap-guangzhou" },
  });
});
