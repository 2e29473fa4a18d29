import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSettingsText } from "@breakwater/runtime/settings";
import { beforeAll, expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";
import { isUnknown, type PlannedResource, recordPlan, type Sections, texts } from "../../../support/plan.ts";

/** What cannot be made again once it is gone, or what would take data with it. */
const STATEFUL = [
  "KmsKey",
  "CosBucket",
  "ClsLogset",
  "ClsTopic",
  "AuditTrack",
  "KubernetesCluster",
  "KubernetesEncryptionProtection",
  "PostgresqlInstance",
  "TcrInstance",
  "TcrNamespace",
  "ClbInstance",
  "CfsAccessGroup",
  "CbsSnapshotPolicy",
];

/** Resources that take tags. */
const TAGGED = [
  "Vpc",
  "Subnet",
  "RouteTable",
  "SecurityGroup",
  "Eip",
  "NatGateway",
  "VpcFlowLog",
  "KmsKey",
  "KubernetesCluster",
  "CamRole",
  "PostgresqlInstance",
  "CosBucket",
  "ClsLogset",
  "ClsTopic",
  "TcrInstance",
  "TcrNamespace",
  "ClbInstance",
  "PrivateDnsZone",
];

let plan: readonly PlannedResource[];

function environment(): Record<string, unknown> {
  const file = join(projectRoot, "stacks", "Pulumi.acme-tencent.yaml");
  return readSettingsText(file, readFileSync(file, "utf8")).content as Record<string, unknown>;
}

const withSection = (name: string, change: Sections): Sections => {
  const sections = environment();
  return { ...sections, [name]: { ...(sections[name] as object), ...change } };
};

const tencent = () => plan.filter(({ type }) => type.startsWith("tencentcloud:"));
const of = (className: string) => plan.filter(({ type }) => type.endsWith(`:${className}`));

beforeAll(async () => {
  plan = await recordPlan(environment());
}, 60_000);

test("everything that holds data can neither be deleted by mistake nor lost with the stack", () => {
  for (const className of STATEFUL) {
    expect(of(className).length, className).toBeGreaterThan(0);
    for (const { name, protected: kept } of of(className)) expect(kept, `${className} ${name}`).toBe(true);
  }
});

test("everything that takes tags says whose it is", () => {
  for (const className of TAGGED) {
    expect(of(className).length, className).toBeGreaterThan(0);
    for (const { name, inputs } of of(className)) {
      expect(inputs["tags"], `${className} ${name}`).toMatchObject({
        "breakwater:owner": "platform",
        "breakwater:data-class": "internal",
      });
    }
  }
});

test("nothing of Tencent Cloud has an address of the internet but the way out", () => {
  expect(of("Eip").map(({ name }) => name)).toEqual(["egress"]);
  expect(of("ClbInstance").map(({ inputs }) => inputs["networkType"])).toEqual(["INTERNAL"]);
  expect(of("KubernetesClusterEndpoint").map(({ inputs }) => inputs["clusterInternet"])).toEqual([false]);
  expect(of("TcrInstance").map(({ inputs }) => inputs["openPublicOperation"])).toEqual([false]);
});

test("each rule of the border firewall comes after the one before it, and the route out after the last", () => {
  const byName = new Map(of("CfwNatPolicy").map((rule) => [rule.name, rule]));
  const hosts = ["api.deepseek.com", "api.hunyuan.cloud.tencent.com", "mail.acme.example"];
  const [first, second, third, rest] = [...hosts, "rest"].map((host) => byName.get(`egress-${host}`));
  expect(second?.dependencies).toContain(first?.urn);
  expect(third?.dependencies).toContain(second?.urn);
  expect(rest?.dependencies).toContain(third?.urn);
  expect(of("RouteTableEntry")[0]?.dependencies).toContain(rest?.urn);
});

test("nodes wait for the encryption of secrets, and the way to the cluster waits for nodes", () => {
  const [encryption] = of("KubernetesEncryptionProtection");
  for (const { dependencies } of of("KubernetesNativeNodePool")) expect(dependencies).toContain(encryption?.urn);
  const pools = of("KubernetesNativeNodePool").map(({ urn }) => urn);
  expect(of("KubernetesClusterEndpoint")[0]?.dependencies).toEqual(expect.arrayContaining(pools));
});

test("no secret is written into the plan: keys are names, passwords and the kubeconfig are unknown", () => {
  const password = of("PostgresqlInstance")[0]?.inputs["rootPassword"];
  expect(isUnknown(password)).toBe(true);
  const written = tencent().flatMap(({ inputs }) => texts(inputs).map(({ text }) => text));
  expect(written.filter((text) => /BEGIN .*PRIVATE KEY|AKID[A-Za-z0-9]{10}/.test(text))).toEqual([]);
});

test("the environment's zones, region and host reach the cloud", () => {
  expect(new Set(of("Subnet").map(({ inputs }) => inputs["availabilityZone"])).size).toBe(3);
  expect(of("PrivateDnsZone").map(({ inputs }) => inputs["domain"])).toEqual(["agents.acme.example"]);
  expect(plan.find(({ type }) => type === "pulumi:providers:tencentcloud")?.inputs).toMatchObject({
    region: "ap-guangzhou",
  });
});

test("the agents' volumes have classes that this platform makes", () => {
  const made = of("StorageClass").map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
  const asked = plan.flatMap(({ inputs }) =>
    texts(inputs)
      .filter(({ path }) => path.endsWith(".storageClassName"))
      .map(({ text }) => text),
  );
  expect(made.sort()).toEqual(["breakwater-disk", "breakwater-shared"]);
  expect([...new Set(asked)].filter((name) => name !== "storageClassName").sort()).toEqual(made);
});

test("a public entry gets the firewall, in the region where it is sold", async () => {
  const open = await recordPlan(withSection("network", { exposure: "public", allowed_cidrs: ["203.0.113.0/24"] }));
  expect(open.filter(({ type }) => type.endsWith(":WafClbInstance"))).toHaveLength(1);
  const providers = open.filter(({ type }) => type === "pulumi:providers:tencentcloud");
  expect(providers.map(({ inputs }) => inputs["region"])).toEqual(["ap-guangzhou", "ap-guangzhou"]);
}, 60_000);
