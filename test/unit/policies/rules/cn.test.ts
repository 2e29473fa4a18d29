import { describe, expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { cn003 } from "../../../../policies/rules/cn-003.ts";
import { cn004 } from "../../../../policies/rules/cn-004.ts";
import { cn005 } from "../../../../policies/rules/cn-005.ts";
import { cn007 } from "../../../../policies/rules/cn-007.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const rules = [cn003, cn004, cn005, cn007];
const given = { rules, facts: { jurisdiction: "cn" } } as const;
const found = (id: string, resources: readonly RawResource[]) => problems(id, resources, given);
const outcome = (id: string, resources: readonly RawResource[]) => judged(id, resources, given).outcome;

test.each(["CN-003", "CN-004", "CN-005", "CN-007"])("%s says nothing about an environment outside China", (id) => {
  const everything = [planned("aws:ec2/natGateway:NatGateway", {}), planned("alicloud:cs/nodePool:NodePool", {})];
  expect(judged(id, everything, { rules, facts: { jurisdiction: "kr" } }).outcome).toBe("does not apply");
});

test("CN-003: a bastion host of either cloud passes, by each of its names; none does not", () => {
  for (const type of [
    "alicloud:bastionhost/instance:Instance",
    "tencentcloud:index/bhResource:BhResource",
    "tencentcloud:index/dasbResource:DasbResource",
  ]) {
    expect([type, outcome("CN-003", [planned(type, {})])]).toEqual([type, "passed"]);
  }
  expect(found("CN-003", [])).toEqual(["no bastion host is planned"]);
});

describe("CN-004", () => {
  const policy = (...statefulDefaultActions: readonly string[]) =>
    planned("aws:networkfirewall/firewallPolicy:FirewallPolicy", { firewallPolicy: { statefulDefaultActions } });
  const aws = [
    planned("aws:ec2/natGateway:NatGateway", {}),
    planned("aws:networkfirewall/firewall:Firewall", {}, "firewall"),
  ];
  const aliFirewall = (firewallSwitch: string) =>
    planned("alicloud:cloudfirewall/natFirewall:NatFirewall", { firewallSwitch });
  const ips = (runMode: number, basicRules = 1) =>
    planned("alicloud:cloudfirewall/ipsConfig:IpsConfig", { runMode, basicRules });
  const aliNat = planned("alicloud:vpc/natGateway:NatGateway", {});
  const tencent = [
    planned("tencentcloud:index/natGateway:NatGateway", {}),
    planned("tencentcloud:index/cfwNatInstance:CfwNatInstance", {}, "firewall"),
  ];
  const mode = (value: number) => planned("tencentcloud:index/cfwIpsModeSwitch:CfwIpsModeSwitch", { mode: value });
  const withoutFirewall = (all: readonly RawResource[]) => all.filter(({ name }) => name !== "firewall");

  test("a firewall that stops attacks passes, and so does an environment without a way out", () => {
    expect(outcome("CN-004", [...aws, policy("aws:drop_established")])).toBe("passed");
    expect(outcome("CN-004", [aliNat, aliFirewall("open"), ips(1)])).toBe("passed");
    expect(outcome("CN-004", [...tencent, mode(1)])).toBe("passed");
    expect(outcome("CN-004", [])).toBe("does not apply");
  });

  test.each([
    ["no network firewall at the border", [...withoutFirewall(aws), policy("aws:drop_strict")]],
    ["the firewall policy it lets through what no rule names", [...aws, policy("aws:alert_established")]],
    ["a NAT gateway has no firewall that is switched on", [aliNat, ips(1)]],
    ["a NAT gateway has no firewall that is switched on", [aliNat, aliFirewall("close"), ips(1)]],
    [
      "no IpsConfig with runMode 1 and basicRules 1: intrusion prevention refuses nothing",
      [aliNat, aliFirewall("open"), ips(0)],
    ],
    [
      "no IpsConfig with runMode 1 and basicRules 1: intrusion prevention refuses nothing",
      [aliNat, aliFirewall("open"), ips(1, 0)],
    ],
    ["a NAT gateway has no firewall", [...withoutFirewall(tencent), mode(2)]],
    ["no CfwIpsModeSwitch with mode 1 or 2: intrusion prevention refuses nothing", [...tencent, mode(0)]],
  ])("%s", (problem, resources) => {
    expect(found("CN-004", resources)).toEqual([problem]);
  });
});

describe("CN-005", () => {
  test.each([
    ["aws", "cn-north-1", "ap-northeast-2"],
    ["alicloud", "cn-hangzhou", "cn-hongkong"],
    ["tencentcloud", "ap-guangzhou", "ap-hongkong"],
  ])("a provider of %s in %s passes, in %s does not", (cloud, inside, outside) => {
    const provider = (region: string) => planned(`pulumi:providers:${cloud}`, { region });
    expect(outcome("CN-005", [provider(inside)])).toBe("passed");
    expect(found("CN-005", [provider(outside)])).toEqual([`region is in ${outside}`]);
    expect(found("CN-005", [planned(`pulumi:providers:${cloud}`, {})])).toEqual(["region is nothing"]);
  });

  test.each([
    ["aws:s3/bucket:Bucket", { region: "us-east-1" }, "region is in us-east-1"],
    ["alicloud:cloudfirewall/natFirewall:NatFirewall", { regionNo: "cn-hongkong" }, "regionNo is in cn-hongkong"],
    ["tencentcloud:index/vpcFlowLog:VpcFlowLog", { cloudLogRegion: "ap-tokyo" }, "cloudLogRegion is in ap-tokyo"],
    [
      "tencentcloud:index/kubernetesEncryptionProtection:KubernetesEncryptionProtection",
      { kmsConfiguration: { keyId: { __pulumiUnknown: true }, kmsRegion: "ap-tokyo" } },
      "kmsConfiguration.kmsRegion is in ap-tokyo",
    ],
    [
      "tencentcloud:index/auditTrack:AuditTrack",
      { storage: { storageName: { __pulumiUnknown: true }, storageRegion: "ap-singapore" } },
      "storage.storageRegion is in ap-singapore",
    ],
    [
      "alicloud:oss/bucketReplication:BucketReplication",
      { destination: { bucket: "b", location: "oss-ap-southeast-1" } },
      "destination.location is in ap-southeast-1",
    ],
    [
      "alicloud:hbr/replicationVault:ReplicationVault",
      { replicationSourceRegionId: "ap-southeast-1" },
      "replicationSourceRegionId is in ap-southeast-1",
    ],
    [
      "aws:ecr/replicationConfiguration:ReplicationConfiguration",
      { replicationConfiguration: { rules: [{ destinations: [{ region: "eu-west-1", registryId: "1" }] }] } },
      "replicationConfiguration.rules.0.destinations.0.region is in eu-west-1",
    ],
  ])("a thing elsewhere is found: %s", (type, inputs, problem) => {
    expect(found("CN-005", [planned(type, inputs)])).toEqual([problem]);
  });

  const replication = (bucket: unknown) =>
    planned("aws:s3/bucketReplicationConfig:BucketReplicationConfig", { rules: [{ destination: { bucket } }] });
  const release = (values: object) => planned("kubernetes:helm.sh/v3:Release", { chart: "fluent-bit", values });
  const settings = (destination: object) =>
    planned("kubernetes:core/v1:ConfigMap", {
      metadata: { name: "router-settings", namespace: "ai-agents" },
      data: { "settings.json": JSON.stringify({ audit: { exports: [{ name: "siem", ...destination }] } }) },
    });

  test.each([
    [
      replication("arn:aws-cn:s3:::elsewhere"),
      "rules.0.destination.bucket is elsewhere, a bucket that is not planned here: no plan can tell where it is",
    ],
    [
      planned("alicloud:log/etl:Etl", { etlSinks: [{ endpoint: "ap-southeast-1.log.aliyuncs.com" }] }),
      "etlSinks.0.endpoint is in ap-southeast-1",
    ],
    [release({ outputs: "[OUTPUT]\n  Host p.us-east-1.es.amazonaws.com\n" }), "values.outputs is in us-east-1"],
    [settings({ url: "https://P.AP-Southeast-1.log.aliyuncs.com." }), "audit export siem is in ap-southeast-1"],
    [settings({ host: "ap-hongkong.cls.tencentcs.com" }), "audit export siem is in ap-hongkong"],
  ])("copies, logs and audit records that leave are found: $0.type", (resource, problem) => {
    expect(found("CN-005", [resource])).toEqual([problem]);
  });

  test("copies, logs and audit records that stay pass", () => {
    const bucket = planned("aws:s3/bucket:Bucket", { bucket: "copies", region: "cn-north-1" });
    expect(outcome("CN-005", [bucket, replication("arn:aws-cn:s3:::copies")])).toBe("passed");
    expect(outcome("CN-005", [release({ outputs: "Host p.cn-north-1.es.amazonaws.com.cn" })])).toBe("passed");
    expect(outcome("CN-005", [settings({ url: "https://p.cn-hangzhou.log.aliyuncs.com" })])).toBe("passed");
    expect(outcome("CN-005", [settings({ url: "https://splunk.company.com" })])).toBe("passed");
  });

  test("a region or a bucket that only an update knows leaves it unknown", () => {
    const unknown = { __pulumiUnknown: true };
    expect(outcome("CN-005", [planned("aws:s3/bucket:Bucket", { region: unknown })])).toBe("unknown");
    expect(outcome("CN-005", [replication(unknown)])).toBe("unknown");
    expect(outcome("CN-005", [planned("aws:s3/bucket:Bucket", { arn: unknown })])).toBe("passed");
  });

  test("what watches all regions, or is no cloud's, is left alone", () => {
    expect(outcome("CN-005", [planned("alicloud:actiontrail/trail:Trail", { trailRegion: "All" })])).toBe("passed");
    expect(outcome("CN-005", [planned("kubernetes:core/v1:ConfigMap", { region: "us-east-1" })])).toBe("passed");
  });
});

test("CN-007: measured boot is claimed on machines that have it, or not at all", () => {
  const pool = (...instanceTypes: readonly string[]) =>
    planned("alicloud:cs/nodePool:NodePool", { teeConfig: { teeEnable: true }, instanceTypes });
  expect(outcome("CN-007", [planned("alicloud:cs/nodePool:NodePool", { instanceTypes: ["ecs.g8i.xlarge"] })])).toBe(
    "passed",
  );
  expect(outcome("CN-007", [pool("ecs.g7t.xlarge", "ecs.c7t.xlarge")])).toBe("passed");
  expect(found("CN-007", [pool("ecs.g7t.xlarge", "ecs.g8i.xlarge")])).toEqual([
    "teeConfig on ecs.g8i.xlarge, which have no trusted module",
  ]);
  expect(found("CN-007", [pool()])).toEqual(["teeConfig on machines that are not named"]);
});
