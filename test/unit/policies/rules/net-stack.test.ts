import { describe, expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { net001 } from "../../../../policies/rules/net-001.ts";
import { net006 } from "../../../../policies/rules/net-006.ts";
import { net009 } from "../../../../policies/rules/net-009.ts";
import { net010 } from "../../../../policies/rules/net-010.ts";
import { net011 } from "../../../../policies/rules/net-011.ts";
import { net012 } from "../../../../policies/rules/net-012.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const rules = [net001, net006, net009, net010, net011, net012];
const found = (id: string, resources: readonly RawResource[]) => problems(id, resources, { rules });
const outcome = (id: string, resources: readonly RawResource[]) => judged(id, resources, { rules }).outcome;

const CLOUDS = [
  ["aws:ec2/subnet:Subnet", "availabilityZone", "ap-northeast-2"],
  ["alicloud:vpc/switch:Switch", "zoneId", "cn-hangzhou-"],
  ["tencentcloud:index/subnet:Subnet", "availabilityZone", "ap-guangzhou-"],
] as const;

const TIERS = ["nodes", "data", "edge"] as const;

/** Three tiers in three zones, and one subnet of a firewall. */
function network(index: 0 | 1 | 2): readonly RawResource[] {
  const [type, field, region] = CLOUDS[index];
  const tiers = TIERS.flatMap((tier, at) =>
    ["1", "2", "3"].map((zone, number) =>
      planned(
        type,
        { [field]: `${region}${zone}`, cidrBlock: `10.64.${at * 3 + number}.0/24` },
        `network-${tier}-${region}${zone}`,
      ),
    ),
  );
  const firewall = { [field]: `${region}1`, cidrBlock: "10.64.9.0/24" };
  return [...tiers, planned(type, firewall, "egress-firewall")];
}

describe.each([0, 1, 2] as const)("NET-001 on cloud %i", (cloud) => {
  const subnets = network(cloud);

  test("three tiers in three zones pass", () => {
    expect(outcome("NET-001", subnets)).toBe("passed");
  });

  test.each([
    ["nodes", "workloads"],
    ["data", "database"],
    ["edge", "entry"],
  ])("a zone without a subnet for %s is found", (word, tier) => {
    const without = subnets.filter(({ name }) => !(name.includes(word) && name.endsWith("1")));
    expect(found("NET-001", without)).toEqual([`the ${tier} tier has subnets in 2 zone(s), fewer than 3`]);
  });

  test("a subnet inside another is found", () => {
    const [type, field, region] = CLOUDS[cloud];
    const inside = planned(type, { [field]: `${region}1`, cidrBlock: "10.64.3.128/25" }, "other");
    expect(found("NET-001", [...subnets, inside])).toEqual(["10.64.3.0/24 overlaps 10.64.3.128/25"]);
  });
});

describe("NET-006", () => {
  const vpc = planned("aws:ec2/vpc:Vpc", {});
  const group = (inputs: object) => planned("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { ...inputs });

  test("an emptied default group passes; one that is not managed, or has a rule, does not", () => {
    expect(outcome("NET-006", [vpc, group({ ingress: [], egress: [] })])).toBe("passed");
    expect(found("NET-006", [vpc])).toEqual(["a network's default security group is not managed"]);
    expect(found("NET-006", [vpc, group({ ingress: [{}] })])).toEqual([
      "the default security group has 1 ingress rule(s)",
    ]);
    expect(found("NET-006", [vpc, group({ egress: [{}] })])).toEqual([
      "the default security group has 1 egress rule(s)",
    ]);
  });
});

describe("NET-009", () => {
  const eks = planned("aws:eks/cluster:Cluster", {});
  const addon = (addonName: string, values: object) =>
    planned("aws:eks/addon:Addon", { addonName, configurationValues: JSON.stringify(values) }, addonName);
  const ack = (name: string, config: object, disabled = false) =>
    planned("alicloud:cs/managedKubernetes:ManagedKubernetes", {
      addons: [{ name, config: JSON.stringify(config), disabled }],
    });
  const tke = planned("tencentcloud:index/kubernetesCluster:KubernetesCluster", {});
  const tkeAddon = (addonName: string) => planned("tencentcloud:index/kubernetesAddon:KubernetesAddon", { addonName });
  const onEks = ["no vpc-cni add-on with enableNetworkPolicy true: policies are ignored"];
  const onAck = ["no Terway add-on with NetworkPolicy true: policies are ignored"];

  test("an engine behind the policies passes", () => {
    expect(outcome("NET-009", [eks, addon("vpc-cni", { enableNetworkPolicy: "true" })])).toBe("passed");
    expect(outcome("NET-009", [ack("terway-eniip", { NetworkPolicy: "true" })])).toBe("passed");
    expect(outcome("NET-009", [tke, tkeAddon("NetworkPolicy")])).toBe("passed");
    const cilium = planned("kubernetes:helm.sh/v3:Release", { chart: "oci://mirror.internal/charts/cilium" });
    expect(outcome("NET-009", [eks, cilium])).toBe("passed");
  });

  test("none, another one or one that is off does not", () => {
    expect(found("NET-009", [eks])).toEqual(onEks);
    expect(found("NET-009", [eks, addon("vpc-cni", {})])).toEqual(onEks);
    expect(found("NET-009", [eks, addon("coredns", { enableNetworkPolicy: "true" })])).toEqual(onEks);
    expect(found("NET-009", [ack("terway-eniip", { NetworkPolicy: "false" })])).toEqual(onAck);
    expect(found("NET-009", [ack("terway-eniip", { NetworkPolicy: "true" }, true)])).toEqual(onAck);
    expect(found("NET-009", [ack("flannel", { NetworkPolicy: "true" })])).toEqual(onAck);
    expect(found("NET-009", [tke, tkeAddon("CFS")])).toEqual(["no NetworkPolicy add-on: policies are ignored"]);
  });
});

describe("NET-010", () => {
  const AWS = "aws:ec2/natGateway:NatGateway";
  const ALI = "alicloud:vpc/natGateway:NatGateway";
  const TENCENT = "tencentcloud:index/natGateway:NatGateway";
  const many = (type: string, count: number, inputs: object = {}) =>
    Array.from({ length: count }, (_, index) => planned(type, { ...inputs }, String(index)));

  test("a gateway a zone passes, and so does one that spans zones", () => {
    expect(outcome("NET-010", [...network(0), ...many(AWS, 3)])).toBe("passed");
    expect(outcome("NET-010", [...network(0), ...many(AWS, 1, { availabilityMode: "regional" })])).toBe("passed");
    expect(outcome("NET-010", [...network(1), ...many(ALI, 1, { availabilityMode: "CrossAZ" })])).toBe("passed");
    expect(outcome("NET-010", [...network(2), ...many(TENCENT, 1, { natProductVersion: 2 })])).toBe("passed");
  });

  test("fewer gateways of single zones than zones are found", () => {
    expect(found("NET-010", [...network(0), ...many(AWS, 2)])).toEqual([
      "2 NAT gateway(s) in single zones for 3 zones",
    ]);
    expect(found("NET-010", [...network(1), ...many(ALI, 1)])).toEqual([
      "1 NAT gateway(s) in single zones for 3 zones",
    ]);
    expect(found("NET-010", [...network(2), ...many(TENCENT, 1, { natProductVersion: 1 })])).toEqual([
      "1 NAT gateway(s) in single zones for 3 zones",
    ]);
  });

  test.each([
    ["aws:ec2/eipAssociation:EipAssociation", { instanceId: { __pulumiUnknown: true } }],
    ["alicloud:ecs/eipAssociation:EipAssociation", { instanceType: "EcsInstance" }],
    ["tencentcloud:index/eipAssociation:EipAssociation", { instanceId: "ins-1" }],
  ])("%s to a machine is found", (type, inputs) => {
    expect(found("NET-010", [planned(type, inputs)])).toEqual(["a machine has an address of the internet"]);
  });

  test("the address of a NAT gateway is none of a machine", () => {
    const address = planned("alicloud:ecs/eipAssociation:EipAssociation", { instanceType: "Nat" });
    expect(outcome("NET-010", [address])).toBe("passed");
  });
});

describe("NET-011", () => {
  const vpc = planned("aws:ec2/vpc:Vpc", {});
  const endpoint = (service: string, inputs: object = { vpcEndpointType: "Interface", privateDnsEnabled: true }) =>
    planned(
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { serviceName: `com.amazonaws.eu-west-1.${service}`, ...inputs },
      service,
    );
  const services = ["ecr.api", "ecr.dkr", "kms", "logs", "sts"];
  const complete = [vpc, endpoint("s3", { vpcEndpointType: "Gateway" }), ...services.map((name) => endpoint(name))];
  const without = (name: string) => complete.filter((resource) => resource.name !== name);

  test.each(["s3", ...services])("AWS: without an endpoint for %s calls go outside", (service) => {
    expect(outcome("NET-011", complete)).toBe("passed");
    expect(found("NET-011", without(service))).toEqual([`no private endpoint for ${service}`]);
  });

  test("AWS: an endpoint that no name leads to is not used", () => {
    expect(found("NET-011", [...without("kms"), endpoint("kms", { vpcEndpointType: "Interface" })])).toEqual([
      "the endpoint for kms has no private name: calls still go outside",
    ]);
  });

  test("AWS: secrets need an endpoint where there are any", () => {
    const secret = planned("aws:secretsmanager/secret:Secret", {});
    expect(found("NET-011", [...complete, secret])).toEqual(["no private endpoint for secretsmanager"]);
    const ofTheRegistry = planned("aws:secretsmanager/secret:Secret", { name: "ecr-pullthroughcache/acme" });
    expect(outcome("NET-011", [...complete, ofTheRegistry])).toBe("passed");
  });

  const alibaba = [
    planned("alicloud:vpc/network:Network", {}),
    planned("alicloud:vpc/gatewayEndpoint:GatewayEndpoint", { serviceName: "com.aliyun.cn-hangzhou.oss" }, "oss"),
    ...["sls", "sts"].map((name) =>
      planned(
        "alicloud:privatelink/vpcEndpoint:VpcEndpoint",
        { serviceName: `com.aliyuncs.privatelink.cn-hangzhou.${name}` },
        name,
      ),
    ),
    planned("alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance", {}),
    planned("alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc", {}, "registry"),
    planned("alicloud:kms/key:Key", {}),
    planned("alicloud:kms/instance:Instance", {}, "keys"),
  ];

  test.each([
    ["oss", "no private endpoint for oss"],
    ["sls", "no private endpoint for sls"],
    ["sts", "no private endpoint for sts"],
    [
      "registry",
      "RegistryEnterpriseInstance is planned without VpcEndpointLinkedVpc, so that it is reached from outside",
    ],
    ["keys", "Key is planned without Instance, so that it is reached from outside"],
  ])("Alibaba: without %s calls go outside", (name, problem) => {
    expect(outcome("NET-011", alibaba)).toBe("passed");
    expect(
      found(
        "NET-011",
        alibaba.filter((resource) => resource.name !== name),
      ),
    ).toEqual([problem]);
  });

  test("Tencent: a registry that is not tied to the network is reached from outside", () => {
    const registry = [
      planned("tencentcloud:index/vpc:Vpc", {}),
      planned("tencentcloud:index/tcrInstance:TcrInstance", {}),
    ];
    const tied = planned("tencentcloud:index/tcrVpcAttachment:TcrVpcAttachment", {});
    expect(outcome("NET-011", [...registry, tied])).toBe("passed");
    expect(found("NET-011", registry)).toEqual([
      "TcrInstance is planned without TcrVpcAttachment, so that it is reached from outside",
    ]);
  });
});

describe.each([
  ["aws:ec2/vpc:Vpc", "aws:ec2/flowLog:FlowLog", { trafficType: "ALL" }, { trafficType: "REJECT" }],
  [
    "alicloud:vpc/network:Network",
    "alicloud:vpc/flowLog:FlowLog",
    { trafficType: "All", resourceType: "VPC", status: "Active" },
    { trafficType: "All", resourceType: "VPC", status: "Inactive" },
  ],
  [
    "tencentcloud:index/vpc:Vpc",
    "tencentcloud:index/vpcFlowLog:VpcFlowLog",
    { trafficType: "ALL", resourceType: "VPC" },
    { trafficType: "ALL", resourceType: "NETWORKINTERFACE" },
  ],
])("NET-012 on %s", (network, type, whole, part) => {
  test("a log of all traffic passes; none, or one of a part, does not", () => {
    const vpc = planned(network, {});
    const problem = ["1 network(s), 0 of them with a log of all traffic"];
    expect(outcome("NET-012", [vpc, planned(type, whole)])).toBe("passed");
    expect(found("NET-012", [vpc])).toEqual(problem);
    expect(found("NET-012", [vpc, planned(type, part)])).toEqual(problem);
  });
});
