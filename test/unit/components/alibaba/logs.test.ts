import { expect, test } from "vitest";
import { retentionDays } from "../../../../components/alibaba/logs.ts";
import { allOf, built, demand, inputsOf } from "./world.ts";

const resources = await built(demand("acme-alibaba"));

test.each([
  [365, true, 365],
  [30, true, 184],
  [30, false, 30],
  [9999, false, 3650],
])("with audit kept %i days, mainland %s, logs are kept %i days", (auditRetentionDays, mainland, days) => {
  expect(retentionDays({ auditRetentionDays }, mainland)).toBe(days);
});

test("every store is kept as long as audit objects, encrypted with the key of logs, and takes nothing from browsers", () => {
  const stores = allOf(resources, "log/store:Store");
  expect(stores.map(({ logstoreName }) => logstoreName)).toEqual(["flow", "alb_entry"]);
  for (const store of stores) {
    expect(store).toMatchObject({
      retentionPeriod: 365,
      enableWebTracking: false,
      encryptConf: {
        enable: true,
        userCmkInfo: { cmkKeyId: "alibaba-keys-logs-id", arn: "acs:ram::1:role/alibaba-logs-encryption" },
      },
    });
  }
});

test("all traffic of the network, refused and allowed, is in the flow log", () => {
  expect(inputsOf(resources, ":FlowLog")).toMatchObject({
    trafficType: "All",
    resourceType: "VPC",
    resourceId: "alibaba-network-id",
    logStoreName: "flow",
    status: "Active",
  });
});

test("what is done with the account goes to the bucket that nobody can empty", () => {
  expect(inputsOf(resources, ":Trail")).toMatchObject({
    ossBucketName: "alibaba-storage-audit-id",
    ossWriteRoleArn: "acs:ram::1:role/alibaba-trail",
    eventRw: "All",
    trailRegion: "All",
  });
  const { trailName } = inputsOf(resources, ":Trail");
  expect(String(trailName)).toMatch(/^[a-z][a-z0-9-]{5,35}$/);
});

test("the trail writes below its own prefix and reads nothing", () => {
  const { policyDocument } = inputsOf(resources, "ram/policy:Policy", "alibaba-trail") as { policyDocument: string };
  const { Statement } = JSON.parse(policyDocument) as { Statement: { Action: string[]; Resource: string[] }[] };
  expect(Statement[0]).toMatchObject({
    Action: ["oss:PutObject", "oss:GetBucketInfo", "oss:GetBucketLocation"],
    Resource: ["acs:oss:*:*:alibaba-storage-audit-id", "acs:oss:*:*:alibaba-storage-audit-id/trail/*"],
  });
  expect(Statement[1]?.Resource).toEqual(["acs:kms:region:1:key/alibaba-keys-audit"]);
});
