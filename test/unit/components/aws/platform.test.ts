import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSettingsText } from "@breakwater/runtime/settings";
import { expect, test, vi } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";
import { texts } from "../../../support/plan.ts";

/** The plan of a shipped environment, as `breakwater plan` records it. */
async function planOf(environment: string) {
  const file = join(projectRoot, "stacks", `Pulumi.${environment}.yaml`);
  const { content } = readSettingsText(file, readFileSync(file, "utf8"));
  vi.resetModules();
  const { recordProgram } = await import("../../../../cli/plan/recorder.ts");
  return recordProgram(environment, content as Record<string, unknown>);
}

const seoul = await planOf("acme-aws");
const ningxia = await planOf("acme-aws-cn");
const PLANS = [
  ["acme-aws", seoul],
  ["acme-aws-cn", ningxia],
] as const;

/** Kinds that hold data, or without which data cannot be read. */
const STATEFUL = [
  "aws:backup/vault:Vault",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:kms/key:Key",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
];

test.each(PLANS)("%s: what holds data is protected", (_name, plan) => {
  for (const type of STATEFUL) {
    const found = plan.filter((resource) => resource.type === type);
    expect([type, found.length > 0]).toEqual([type, true]);
    expect(found.filter((resource) => !resource.protected).map(({ name }) => name)).toEqual([]);
  }
});

test.each(PLANS)("%s: everything of AWS goes by its own provider, to the environment's region", (_name, plan) => {
  const providers = plan.filter(({ type }) => type === "pulumi:providers:aws");
  expect(providers.map(({ name }) => name)).toEqual(["aws"]);
  const regions = { "acme-aws": "ap-northeast-2", "acme-aws-cn": "cn-northwest-1" };
  expect(providers[0]?.inputs["region"]).toBe(regions[_name]);
});

test.each(PLANS)("%s: names and types of resources are unique", (_name, plan) => {
  const urns = plan.map(({ urn }) => urn);
  expect(urns.length).toBe(new Set(urns).size);
});

/** Whether one resource waits for another, directly or by others. */
function waitsFor(plan: typeof seoul, from: string, to: string): boolean {
  const byUrn = new Map(plan.map((resource) => [resource.urn, resource]));
  const seen = new Set<string>();
  const walk = (urn: string): boolean => {
    if (seen.has(urn)) return false;
    seen.add(urn);
    const resource = byUrn.get(urn);
    if (resource === undefined) return false;
    return resource.dependencies.some((next) => byUrn.get(next)?.name === to || walk(next));
  };
  return plan.filter(({ name, custom }) => name === from && custom).some(({ urn }) => walk(urn));
}

test.each([
  ["aws-nodes-agents-a", "aws-base-vpc-cni", "NetworkPolicies hold from a node's first pod"],
  ["aws-nodes-agents-a", "aws-egress-ap-northeast-2a-out", "a node's first packet goes through the filter"],
  ["aws-base-vpc-cni", "aws-identity-vpc-cni", "the network plugin has its rights when it starts"],
  ["aws-addons-coredns", "aws-nodes-system-a", "add-ons have nodes to run on"],
  ["aws-cluster", "aws-logs-cluster", "the control plane does not make a log group of its own"],
  ["aws-audit", "aws-keys-audit", "audit objects are encrypted from the first on"],
  ["aws-controllers-load-balancer", "aws-identity-load-balancer", "the controller has its rights when it starts"],
  ["postgres-users", "postgres", "users are made in a database that is there"],
])("%s comes after %s: %s", (from, to) => {
  expect(waitsFor(seoul, from, to)).toBe(true);
});

test.each(PLANS)("%s: no plan holds a secret or a key, and no document lets anybody do everything", (_name, plan) => {
  for (const { name, inputs } of plan) {
    for (const { text, path } of texts(inputs)) {
      expect([name, path, /AKIA[0-9A-Z]{16}|BEGIN (RSA |EC )?PRIVATE KEY/.test(text)]).toEqual([name, path, false]);
      expect([name, path, /AdministratorAccess|PowerUserAccess/.test(text)]).toEqual([name, path, false]);
    }
  }
});

test("the environment in China names no service, provider or registry of another partition", () => {
  const found = ningxia.flatMap(({ name, inputs }) =>
    texts(inputs)
      .filter(({ text }) => /api\.openai|anthropic|arn:aws:|amazonaws\.com(?!\.cn)/.test(text))
      // Service principals are the same words in both partitions.
      .filter(({ text }) => !/"Service":"[a-z0-9.-]+\.amazonaws\.com"/.test(text))
      .map(({ path }) => `${name}${path}`),
  );
  expect(found).toEqual([]);
});

test("an internal environment has no address of the internet but those of NAT", () => {
  const balancers = ningxia.filter(({ type }) => type === "aws:lb/loadBalancer:LoadBalancer");
  expect(balancers.map(({ inputs }) => inputs["internal"])).toEqual([true]);
  expect(ningxia.filter(({ type }) => type === "aws:ec2/eip:Eip")).toHaveLength(3);
});
