import { expect, test } from "vitest";
import { CHINA, type Recording, recorded } from "./recorded.ts";

const seoul = await recorded();
const china = await recorded({}, CHINA);
const owned = await recorded({ accountHas: ["threat-detection"] });

function features({ of }: Recording): readonly unknown[] {
  return of("DetectorFeature").map(({ inputs }) => [inputs.detectorId, inputs.name, inputs.status]);
}

test("GuardDuty watches what the cluster's API is asked and what its nodes do", () => {
  expect(seoul.one("Detector", "aws-trail").enable).toBe(true);
  expect(features(seoul)).toEqual(
    expect.arrayContaining([
      ["aws-trail-id", "EKS_AUDIT_LOGS", "ENABLED"],
      ["aws-trail-id", "RUNTIME_MONITORING", "ENABLED"],
    ]),
  );
});

test("its agent is an add-on of the plan with an endpoint of the plan; GuardDuty makes none by itself", () => {
  expect(seoul.one("DetectorFeature", "aws-trail-RUNTIME_MONITORING").additionalConfigurations).toEqual([
    { name: "EKS_ADDON_MANAGEMENT", status: "DISABLED" },
  ]);
  expect(seoul.one("Addon", "aws-addons-aws-guardduty-agent").addonName).toBe("aws-guardduty-agent");
  expect(seoul.one("VpcEndpoint", "aws-endpoints-guardduty-data").privateDnsEnabled).toBe(true);
});

test("in China only features are asked for that its documentation names, and no agent", () => {
  expect(china.of("Detector")).toHaveLength(1);
  expect(features(china)).toEqual([
    ["aws-trail-id", "EKS_AUDIT_LOGS", "ENABLED"],
    ["aws-trail-id", "S3_DATA_EVENTS", "ENABLED"],
  ]);
  const names = [...china.of("Addon"), ...china.of("VpcEndpoint")].map(({ name }) => name);
  expect(names.filter((name) => name.includes("guardduty"))).toEqual([]);
});

test("an account that has its detector gets no second one; the agent on the nodes reports to it", () => {
  expect([owned.of("Detector"), owned.of("DetectorFeature")]).toEqual([[], []]);
  expect(owned.one("Addon", "aws-addons-aws-guardduty-agent").addonName).toBe("aws-guardduty-agent");
  expect(owned.one("VpcEndpoint", "aws-endpoints-guardduty-data").vpcEndpointType).toBe("Interface");
});
