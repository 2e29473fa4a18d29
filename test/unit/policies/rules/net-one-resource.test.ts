import { describe, expect, test } from "vitest";
import type { ResourceRule } from "../../../../policies/rule.ts";
import { net002 } from "../../../../policies/rules/net-002.ts";
import { net003 } from "../../../../policies/rules/net-003.ts";
import { net004 } from "../../../../policies/rules/net-004.ts";
import { net005 } from "../../../../policies/rules/net-005.ts";
import { net016 } from "../../../../policies/rules/net-016.ts";
import { net017 } from "../../../../policies/rules/net-017.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

type Inputs = Readonly<Record<string, unknown>>;

const EKS = "aws:eks/cluster:Cluster";
const ACK = "alicloud:cs/managedKubernetes:ManagedKubernetes";
const TKE = "tencentcloud:index/kubernetesCluster:KubernetesCluster";
const TKE_ENDPOINT = "tencentcloud:index/kubernetesClusterEndpoint:KubernetesClusterEndpoint";
const AWS_LBS = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"];
const ALB = "alicloud:alb/loadBalancer:LoadBalancer";
const CLB = "tencentcloud:index/clbInstance:ClbInstance";
const AWS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const AWS_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const ALI_RULE = "alicloud:ecs/securityGroupRule:SecurityGroupRule";
const TENCENT_RULES = "tencentcloud:index/securityGroupRuleSet:SecurityGroupRuleSet";

const unknown = { __pulumiUnknown: true };
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
const inline = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };
const aliHttps = { type: "ingress", policy: "accept", ipProtocol: "tcp", portRange: "443/443", cidrIp: "0.0.0.0/0" };
const tencentHttps = { action: "ACCEPT", protocol: "TCP", port: "443", cidrBlock: "0.0.0.0/0" };
const all = "22, 2379, 3389, 5432, 6379, 6443, 10250, 18789";

/** Rule, type, inputs that pass, and what each change of them is told. */
type Case = [rule: ResourceRule, type: string, good: Inputs, changes: readonly [Inputs, ...string[]][]];

const CASES: readonly Case[] = [
  [
    net002,
    "aws:ec2/subnet:Subnet",
    { mapPublicIpOnLaunch: false },
    [
      [{ mapPublicIpOnLaunch: true }, "mapPublicIpOnLaunch is true"],
      [{ assignIpv6AddressOnCreation: true }, "assignIpv6AddressOnCreation is true"],
    ],
  ],
  [
    net002,
    "aws:ec2/launchTemplate:LaunchTemplate",
    { networkInterfaces: [{ associatePublicIpAddress: "false" }] },
    [[{ networkInterfaces: [{ associatePublicIpAddress: "true" }] }, "nodes get public addresses"]],
  ],
  [
    net002,
    "alicloud:cs/nodePool:NodePool",
    { internetMaxBandwidthOut: 0 },
    [[{ internetMaxBandwidthOut: 5 }, "nodes get public addresses with 5 Mbit/s"]],
  ],
  [
    net002,
    "tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool",
    { native: {} },
    [[{ native: { internetAccessible: { maxBandwidthOut: 5 } } }, "nodes get public addresses with 5 Mbit/s"]],
  ],
  [
    net002,
    "tencentcloud:index/kubernetesNodePool:KubernetesNodePool",
    { autoScalingConfig: { publicIpAssigned: false } },
    [
      [{ autoScalingConfig: { publicIpAssigned: true } }, "nodes get public addresses"],
      [{ autoScalingConfig: { internetMaxBandwidthOut: 1 } }, "nodes get public addresses with 1 Mbit/s"],
    ],
  ],
  [
    net003,
    EKS,
    { vpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true } },
    [
      [{ vpcConfig: { endpointPrivateAccess: true } }, "endpointPublicAccess is not false"],
      [{ vpcConfig: { endpointPublicAccess: false } }, "endpointPrivateAccess is not true"],
    ],
  ],
  [
    net003,
    ACK,
    { slbInternetEnabled: false },
    [[{ slbInternetEnabled: undefined }, "slbInternetEnabled is not false"]],
  ],
  [net003, TKE, { clusterInternet: false }, [[{ clusterInternet: true }, "clusterInternet is true"]]],
  [
    net003,
    TKE_ENDPOINT,
    { clusterIntranet: true },
    [
      [{ clusterInternet: true }, "clusterInternet is true"],
      [{ clusterIntranet: undefined }, "clusterIntranet is not true"],
    ],
  ],
  [
    net004,
    EKS,
    { vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["198.51.100.0/24"] } },
    [
      [{ vpcConfig: {} }, "publicAccessCidrs is empty, which lets everybody in"],
      [{ vpcConfig: { publicAccessCidrs: ["0.0.0.0/0"] } }, "publicAccessCidrs has 0.0.0.0/0"],
      [
        { vpcConfig: { publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"] } },
        "publicAccessCidrs has 0.0.0.0/1",
        "publicAccessCidrs has 128.0.0.0/1",
      ],
    ],
  ],
  [
    net004,
    ACK,
    { slbInternetEnabled: false },
    [[{ slbInternetEnabled: true }, "a public endpoint of ACK has no list of ranges"]],
  ],
  [
    net004,
    TKE,
    { clusterInternet: true, clusterInternetSecurityGroup: "sg-1" },
    [[{ clusterInternetSecurityGroup: undefined }, "clusterInternetSecurityGroup is missing"]],
  ],
  [
    net005,
    AWS_RULE,
    https,
    [
      [{ fromPort: 22, toPort: 22 }, "0.0.0.0/0 reaches port(s) 22"],
      [{ fromPort: 6000, toPort: 7000 }, "0.0.0.0/0 reaches port(s) 6379, 6443"],
      [{ ipProtocol: "-1", cidrIpv4: undefined, cidrIpv6: "::/0" }, `::/0 reaches port(s) ${all}`],
    ],
  ],
  [
    net005,
    AWS_GROUP,
    { ingress: [inline] },
    [
      [
        { ingress: [{ ...inline, fromPort: 5432, toPort: 5432, ipv6CidrBlocks: ["::/0"] }] },
        "0.0.0.0/0 reaches port(s) 5432",
        "::/0 reaches port(s) 5432",
      ],
    ],
  ],
  [
    net005,
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    { ...inline, type: "ingress" },
    [
      [{ fromPort: 0, toPort: 65_535 }, `0.0.0.0/0 reaches port(s) ${all}`],
      [
        { protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] },
        `0.0.0.0/0 reaches port(s) ${all}`,
        `::/0 reaches port(s) ${all}`,
      ],
    ],
  ],
  [
    net005,
    "aws:eks/nodeGroup:NodeGroup",
    { remoteAccess: { ec2SshKey: "k", sourceSecurityGroupIds: ["sg-1"] } },
    [[{ remoteAccess: { ec2SshKey: "k" } }, "remoteAccess without sourceSecurityGroupIds opens port 22 to the world"]],
  ],
  [
    net005,
    ALI_RULE,
    aliHttps,
    [
      [{ portRange: "22/22" }, "0.0.0.0/0 reaches port(s) 22"],
      [{ portRange: "-1/-1", policy: undefined, ipProtocol: "all" }, `0.0.0.0/0 reaches port(s) ${all}`],
      [{ cidrIp: undefined, ipv6CidrIp: "::/0", portRange: "6000/7000" }, "::/0 reaches port(s) 6379, 6443"],
    ],
  ],
  [
    net005,
    TENCENT_RULES,
    { ingresses: [tencentHttps, { action: "DROP", protocol: "ALL", port: "ALL", cidrBlock: "0.0.0.0/0" }] },
    [
      [{ ingresses: [{ ...tencentHttps, port: "80,22" }] }, "0.0.0.0/0 reaches port(s) 22"],
      [{ ingresses: [{ ...tencentHttps, port: "2000-3000" }] }, "0.0.0.0/0 reaches port(s) 2379"],
      [{ ingresses: [{ ...tencentHttps, protocol: "ALL", port: "ALL" }] }, `0.0.0.0/0 reaches port(s) ${all}`],
    ],
  ],
  ...AWS_LBS.map(
    (type): Case => [
      net016,
      type,
      { dropInvalidHeaderFields: true, accessLogs: { enabled: true } },
      [
        [{ dropInvalidHeaderFields: undefined }, "dropInvalidHeaderFields is not true"],
        [{ accessLogs: { enabled: false } }, "accessLogs is not enabled"],
      ],
    ],
  ),
  [net016, ALB, { accessLogConfig: unknown }, [[{ accessLogConfig: undefined }, "accessLogConfig is missing"]]],
  [
    net016,
    CLB,
    { logSetId: unknown, logTopicId: unknown },
    [
      [{ logSetId: undefined }, "logSetId is missing"],
      [{ logTopicId: undefined }, "logTopicId is missing"],
    ],
  ],
  ...AWS_LBS.map(
    (type): Case => [
      net017,
      type,
      { enableDeletionProtection: true },
      [[{ enableDeletionProtection: false }, "enableDeletionProtection is not true"]],
    ],
  ),
  [
    net017,
    ALB,
    { deletionProtectionConfig: { enabled: true } },
    [[{ deletionProtectionConfig: undefined }, "deletion protection is not enabled"]],
  ],
  [net017, CLB, { deleteProtect: true }, [[{ deleteProtect: undefined }, "deleteProtect is not true"]]],
  ...[EKS, ACK, TKE].map(
    (type): Case => [
      net017,
      type,
      { deletionProtection: true },
      [[{ deletionProtection: false }, "deletionProtection is not true"]],
    ],
  ),
];

/** Inputs without what is set to nothing, as a plan has them. */
function inputs(good: Inputs, change: Inputs = {}): Inputs {
  return Object.fromEntries(Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined));
}

describe.each(CASES.map((given) => [given[0].id, ...given] as const))("%s", (id, rule, type, good, changes) => {
  test(`${type}: what is right passes`, () => {
    expect(judged(id, [planned(type, good)], { rules: [rule] }).outcome).toBe("passed");
  });

  test.each(changes)(`${type}: %j is refused`, (change, ...expected) => {
    expect(problems(id, [planned(type, inputs(good, change))], { rules: [rule] })).toEqual(expected);
  });
});

test("NET-005: what is no port, not inbound or not from the world is left alone", () => {
  const judge = (type: string, props: Inputs) => problems("NET-005", [planned(type, props)], { rules: [net005] });
  expect(judge(AWS_RULE, { ...https, ipProtocol: "icmp", fromPort: -1, toPort: -1 })).toEqual([]);
  expect(judge(AWS_RULE, { ...https, fromPort: 22, toPort: 22, cidrIpv4: "10.0.0.0/8" })).toEqual([]);
  expect(judge(AWS_RULE, { ...https, fromPort: 22, toPort: 22, cidrIpv4: undefined, cidrIpv6: "fc00::/7" })).toEqual(
    [],
  );
  const inlineRule = { ...inline, fromPort: 22, toPort: 22, type: "egress" };
  expect(judge("aws:ec2/securityGroupRule:SecurityGroupRule", inlineRule)).toEqual([]);
  expect(judge(ALI_RULE, { ...aliHttps, portRange: "22/22", type: "egress" })).toEqual([]);
  expect(judge(ALI_RULE, { ...aliHttps, portRange: "22/22", policy: "drop" })).toEqual([]);
});

test("NET-004: a private API server needs no ranges", () => {
  const eks = planned(EKS, { vpcConfig: { endpointPublicAccess: false } });
  const tke = planned(TKE, { clusterInternet: false });
  expect(judged("NET-004", [eks, tke], { rules: [net004] }).outcome).toBe("passed");
});
