import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSettingsText } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";
import { recordProgram } from "../../../../cli/plan/recorder.ts";
import { contains, parseCidr } from "../../../../components/cidr.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { texts } from "../../../support/plan.ts";
import { built, demand } from "./world.ts";

/**
 * Architecture B on Alibaba Cloud, resource by resource: nothing is reached from the internet and nothing reaches it.
 * Says what is asked for, not what the cloud makes of it.
 */
const wanted = demand("acme-alibaba-b");
const file = join(projectRoot, "stacks", "Pulumi.acme-alibaba-b.yaml");
const program = await recordProgram(
  "acme-alibaba-b",
  readSettingsText(file, readFileSync(file, "utf8")).content as Record<string, unknown>,
);
const resources = await built(wanted);

/**
 * Every type of Alibaba Cloud that B may have, with why it opens nothing. A new type fails here until somebody has looked.
 */
const CLOSED: Readonly<Record<string, string>> = {
  "actiontrail/trail:Trail": "the account's own events, into a bucket of ours",
  "alb/loadBalancer:LoadBalancer": "with an address of the network alone, checked below",
  "alb/loadBalancerSecurityGroupAttachment:LoadBalancerSecurityGroupAttachment": "closes",
  "bastionhost/instance:Instance": "reached from the company's network, no public access, checked below",
  "cr/registryEnterpriseInstance:RegistryEnterpriseInstance": "no endpoint until one is made",
  "cr/scanRule:ScanRule": "configuration",
  "cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc": "the endpoint inside",
  "cs/autoscalingConfig:AutoscalingConfig": "configuration",
  "cs/kubernetesAddon:KubernetesAddon": "runs in the cluster",
  "cs/managedKubernetes:ManagedKubernetes": "its API inside alone, checked below",
  "cs/nodePool:NodePool": "nodes without public addresses, checked below",
  "cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": "private, checked below",
  "cs/registryEnterpriseRepo:RegistryEnterpriseRepo": "private, checked below",
  "ecs/securityGroup:SecurityGroup": "closes",
  "ecs/securityGroupRule:SecurityGroupRule": "from private ranges, checked below",
  "hbr/policy:Policy": "copies to the same region, checked below",
  "hbr/policyBinding:PolicyBinding": "configuration",
  "hbr/vault:Vault": "in the region",
  "kms/alias:Alias": "a name",
  "kms/instance:Instance": "answers in the network",
  "kms/key:Key": "a key",
  "log/project:Project": "in the region, reached by an interface of the network",
  "log/store:Store": "no web tracking, checked below",
  "log/storeIndex:StoreIndex": "configuration",
  "nas/accessGroup:AccessGroup": "closes",
  "nas/accessRule:AccessRule": "from the nodes' ranges, checked below",
  "nas/fileSystem:FileSystem": "answers at its mount target alone",
  "nas/mountTarget:MountTarget": "in the network",
  "oss/bucket:Bucket": "private, checked below",
  "oss/bucketHttpsConfig:BucketHttpsConfig": "closes",
  "oss/bucketObjectWormConfiguration:BucketObjectWormConfiguration": "closes",
  "oss/bucketPolicy:BucketPolicy": "only refuses, checked in storage.test.ts",
  "oss/bucketPublicAccessBlock:BucketPublicAccessBlock": "closes",
  "oss/bucketServerSideEncryption:BucketServerSideEncryption": "closes",
  "oss/bucketVersioning:BucketVersioning": "configuration",
  "privatelink/vpcEndpoint:VpcEndpoint": "the way to Alibaba's services that stays inside",
  "privatelink/vpcEndpointZone:VpcEndpointZone": "part of it",
  "pvtz/zone:Zone": "private names, nobody asked outside, checked below",
  "pvtz/zoneAttachment:ZoneAttachment": "for this network",
  "pvtz/zoneRecord:ZoneRecord": "a private name",
  "ram/policy:Policy": "rights",
  "ram/role:Role": "rights",
  "ram/rolePolicyAttachment:RolePolicyAttachment": "rights",
  "rds/account:Account": "an account",
  "rds/backupPolicy:BackupPolicy": "configuration",
  "rds/instance:Instance": "answers in the network; a public one would be rds/connection",
  "vpc/flowLog:FlowLog": "writes down",
  "vpc/gatewayEndpoint:GatewayEndpoint": "the way to objects that stays inside",
  "vpc/network:Network": "no gateway until one is made",
  "vpc/switch:Switch": "no gateway until one is made",
};

test("B has no type of resource but those that open nothing: no NAT gateway, no address, no public endpoint", () => {
  const types = [...program, ...resources].map(({ type }) => type).filter((type) => type.startsWith("alicloud:"));
  expect(types.length).toBeGreaterThan(100);
  expect([...new Set(types)].map((type) => type.slice("alicloud:".length)).filter((type) => !(type in CLOSED))).toEqual(
    [],
  );
});

/** Fields that decide whether something has an address of the internet, and the only values that they may have here. */
const INSIDE: Readonly<Record<string, readonly unknown[]>> = {
  addressType: ["Intranet"],
  slbInternetEnabled: [false],
  newNatGateway: [false],
  networkType: ["Vpc"],
  endpointType: ["Interface"],
  defaultVisibility: ["PRIVATE"],
  repoType: ["PRIVATE"],
  enablePublicAccess: [false],
  enableWebTracking: [false],
  blockPublicAccess: [true],
  proxyPattern: ["ZONE"],
  loadBalancerEdition: ["Standard"],
};

/** Fields that would open something by being there at all. */
const OPENING = [
  ...[
    "internetChargeType",
    "internetMaxBandwidthOut",
    "isBondEip",
    "eipBandwidth",
    "allocationId",
    "bandwidthPackageId",
  ],
  ...[
    "replicationRegionId",
    "publicIpAddressPoolId",
    "transferAcceleration",
    "corsRules",
    "website",
    "ipv6AddressType",
  ],
];

function fieldsOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => [[field, inner] as const, ...fieldsOf(inner)]);
}

test("every field that could give something an address of the internet says that it has none", () => {
  const seen = new Set<string>();
  for (const { type, name, inputs } of resources.filter((one) => one.type.startsWith("alicloud:"))) {
    for (const [field, value] of fieldsOf(inputs)) {
      expect([type, name, OPENING.includes(field)]).toEqual([type, name, false]);
      const allowed = INSIDE[field];
      if (allowed === undefined) continue;
      seen.add(field);
      expect([type, name, field, allowed.includes(value)]).toEqual([type, name, field, true]);
    }
  }
  expect([...seen].sort()).toEqual(Object.keys(INSIDE).sort());
});

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"].map(parseCidr);

test("every range that any resource of the cloud names is a private one", () => {
  const found = resources
    .filter(({ type }) => type.startsWith("alicloud:"))
    .flatMap(({ type, name, inputs }) => texts(inputs).map(({ text }) => ({ type, name, text })))
    .flatMap(({ type, name, text }) =>
      (text.match(/\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?\b/g) ?? []).map((address) => ({ type, name, address })),
    );
  expect(found.length).toBeGreaterThan(20);
  const open = found.filter(({ address }) => {
    const range = parseCidr(address.includes("/") ? address : `${address}/32`);
    return !PRIVATE.some((block) => contains(block, range));
  });
  expect(open).toEqual([]);
});

/** Hosts that stay inside: Alibaba's inner names, the cluster's, the company's, and words that only look like hosts. */
const INNER = [
  /\.svc\.cluster\.local$/,
  /(^|\.)acme\.internal$/,
  /^[a-z0-9-]+-registry-vpc\.cn-shanghai\.cr\.aliyuncs\.com$/,
  /\.oss-(%s|cn-shanghai)-internal\.aliyuncs\.com$/,
  /^kms-vpc\.cn-shanghai\.aliyuncs\.com$/,
  // Made by the cloud for what is made here: database, file system, load balancer, issuer of pods' tokens.
  /^(pgm-example\.pg\.rds|files-id-abc\.region\.extreme\.nas|oidc-ack-region\.oss-region)\.aliyuncs\.com$/,
  /^alb-example\.region\.alb\.aliyuncsslb\.com$/,
  // Services that may take on a role, by name.
  /^(ecs|log|actiontrail|sts)\.aliyuncs\.com$/,
];

/** A host in a text: labels that end in what looks like a top-level domain of this list. */
const HOST = /(?<![\w./-])(?:[a-z0-9%-]+\.)+(?:com|cn|net|org|io|ai|dev|cloud|local|internal|example)\b(?![\w.-])/g;
/** Parts of Kubernetes' and our own vocabulary. */
const WORDS =
  /(monitoring\.coreos\.com|kubernetes\.io|k8s\.io|alibabacloud\.com|breakwater\.dev|pulumi\.com|nvidia\.com)$/;

test("every host in anything that is made is one inside", () => {
  const every = [...resources.map(({ type, inputs }) => ({ type, inputs })), ...program];
  const found = every.flatMap(({ type, inputs }) =>
    texts(inputs).flatMap(({ text }) => (text.match(HOST) ?? []).map((host) => `${type} ${host}`)),
  );
  const outside = [...new Set(found)].filter((entry) => {
    const host = entry.slice(entry.lastIndexOf(" ") + 1);
    return !WORDS.test(host) && !INNER.some((inner) => inner.test(host));
  });
  expect(outside).toEqual([]);
});

test("models are servers of this cluster, on GPUs of its own", () => {
  expect(wanted.egressHosts).toEqual([]);
  expect(wanted.pools.filter(({ role }) => role === "gpu").map(({ name }) => name)).toEqual(["gpu-h20", "gpu-l20"]);
  const router = program.find(({ type, name }) => type.endsWith(":ConfigMap") && name === "router");
  expect(router).toBeDefined();
});

test("no NetworkPolicy of the whole program lets anything go to, or come from, an address that is not private", () => {
  const policies = program.filter(({ type }) => type.endsWith(":NetworkPolicy"));
  expect(policies.length).toBeGreaterThan(5);
  const ranges = policies.flatMap(({ urn, inputs }) =>
    texts(inputs)
      .filter(({ path, text }) => path.endsWith(".ipBlock.cidr") && text !== "cidr")
      .map(({ text }) => ({ urn, text })),
  );
  expect(ranges.length).toBeGreaterThan(3);
  const open = ranges.filter(({ text }) => !PRIVATE.some((block) => contains(block, parseCidr(text))));
  expect(open).toEqual([]);
});

test("no Service of Kubernetes asks the cloud for a load balancer", () => {
  const services = program.filter(({ type }) => type === "kubernetes:core/v1:Service");
  expect(services.length).toBeGreaterThan(3);
  const kinds = services.map(({ inputs }) => (inputs["spec"] as { type?: string } | undefined)?.type ?? "ClusterIP");
  expect(new Set(kinds)).toEqual(new Set(["ClusterIP"]));
});

test("under A the same walk finds the way out, so that it would be found under B", async () => {
  const outside = await built(demand("acme-alibaba"));
  const types = new Set(outside.map(({ type }) => type.slice("alicloud:".length)).filter((type) => type.includes("/")));
  const opened = [...types].filter((type) => !(type in CLOSED) && !type.includes("k8s") && !type.includes("v1:"));
  expect(opened.sort()).toEqual([
    "cloudfirewall/addressBook:AddressBook",
    "cloudfirewall/ipsConfig:IpsConfig",
    "cloudfirewall/natFirewall:NatFirewall",
    "cloudfirewall/natFirewallControlPolicy:NatFirewallControlPolicy",
    "ecs/eipAddress:EipAddress",
    "ecs/eipAssociation:EipAssociation",
    "hbr/replicationVault:ReplicationVault",
    "threatdetection/instance:Instance",
    "vpc/natGateway:NatGateway",
    "vpc/snatEntry:SnatEntry",
  ]);
});
