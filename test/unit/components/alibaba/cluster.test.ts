import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf, planned } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);
const cluster = inputsOf(resources, ":ManagedKubernetes");

test("the API server has no address of the internet and no gateway of its own", () => {
  expect(cluster).toMatchObject({ slbInternetEnabled: false, newNatGateway: false, clusterSpec: "ack.pro.small" });
});

test("secrets are encrypted: the key alone would encrypt nothing", () => {
  expect(cluster).toMatchObject({ encryptionProviderKey: "alibaba-keys-cluster-id", disableEncryption: false });
});

test("audit and all control-plane logs go to the environment's project, for as long as audit objects are kept", () => {
  expect(cluster).toMatchObject({
    auditLogConfig: { enabled: true },
    controlPlaneLogComponents: ["apiserver", "kcm", "scheduler", "ccm", "controlplane-events"],
    controlPlaneLogTtl: "365",
  });
  const { projectName } = inputsOf(resources, ":Project");
  expect(cluster["controlPlaneLogProject"]).toBe(projectName);
});

test("pods have addresses of the nodes' vSwitches, and NetworkPolicies hold", () => {
  expect(cluster["podVswitchIds"]).toEqual(
    ["i", "j", "k"].map((zone) => `alibaba-network-nodes-cn-hangzhou-${zone}-id`),
  );
  const addons = cluster["addons"] as { name: string; config?: string; disabled?: boolean }[];
  const terway = addons.find(({ name }) => name === "terway-eniip");
  expect(JSON.parse(terway?.config ?? "{}")).toMatchObject({ NetworkPolicy: "true" });
});

test("ACK opens no load balancer and sends no metrics that nobody asked for", () => {
  const addons = cluster["addons"] as { name: string; config?: string; disabled?: boolean }[];
  const off = addons.filter(({ disabled }) => disabled === true).map(({ name }) => name);
  expect(off).toEqual(["nginx-ingress-controller", "arms-prometheus"]);
  const alb = addons.find(({ name }) => name === "alb-ingress-controller");
  expect(JSON.parse(alb?.config ?? "{}")).toEqual({ albIngress: { CreateDefaultALBConfig: false } });
});

test("the kubeconfig asks for a credential of minutes and holds none", () => {
  const { kubeconfig } = inputsOf(resources, "pulumi:providers:kubernetes") as { kubeconfig: string };
  const { users } = JSON.parse(kubeconfig) as { users: [{ user: { exec: { command: string; args: string[] } } }] };
  expect(Object.keys(users[0].user)).toEqual(["exec"]);
  expect(users[0].user.exec.command).toBe("ack-ram-tool");
  expect(users[0].user.exec.args).toEqual(expect.arrayContaining(["get-credential", "alibaba-cluster-id", "15m"]));
  expect(kubeconfig).not.toMatch(/client-(certificate|key)|token|password/);
});

test("groups of nodes can grow from nothing", () => {
  expect(inputsOf(resources, ":AutoscalingConfig")).toMatchObject({ scaleUpFromZero: true });
});

test("the add-on that pulls images may pull those of this registry, and nothing else", () => {
  const { policyDocument } = inputsOf(resources, "ram/policy:Policy", "alibaba-cluster-puller") as {
    policyDocument: string;
  };
  const { Statement } = JSON.parse(policyDocument) as { Statement: { Action: string[]; Resource: string[] }[] };
  expect(Statement).toEqual([
    {
      Effect: "Allow",
      Action: ["cr:GetAuthorizationToken", "cr:ListInstanceEndpoint"],
      Resource: ["acs:cr:cn-hangzhou:*:instance/alibaba-registry-id"],
    },
    {
      Effect: "Allow",
      Action: ["cr:PullRepository"],
      Resource: ["acs:cr:cn-hangzhou:*:repository/alibaba-registry-id/breakwater/*"],
    },
  ]);
});

test("everything of Kubernetes goes to this cluster", async () => {
  const plan = await planned(wanted);
  const objects = plan.filter(({ type, custom }) => custom && type.startsWith("kubernetes:"));
  const provider = plan.find(({ type }) => type === "pulumi:providers:kubernetes");
  expect(objects.length).toBeGreaterThan(5);
  for (const object of objects) expect([object.urn, object.provider]).toEqual([object.urn, provider?.urn]);
});

test("deleting it is refused by ACK, too", () => {
  expect(cluster["deletionProtection"]).toBe(true);
  expect(allOf(resources, ":ManagedKubernetes")).toHaveLength(1);
});
