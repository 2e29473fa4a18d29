import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { output, secret } from "@pulumi/pulumi/output.js";
import resource from "@pulumi/pulumi/resource.js";
import { registerPackage } from "@pulumi/pulumi/runtime/settings.js";
import { expect, test, vi } from "vitest";
import { type PlannedResource, recordRun, SECRET } from "../../../../cli/plan/recorder.ts";
import { AdminPassword } from "../../../../components/admin-password.ts";

class Group extends resource.ComponentResource {
  constructor(name: string, opts?: resource.ComponentResourceOptions) {
    super("breakwater:test:Group", name, {}, opts);
    this.registerOutputs();
  }
}

async function recorded(run: () => unknown): Promise<(name: string) => PlannedResource> {
  const plan = await recordRun("acme", {}, run);
  return (name) => {
    const found = plan.find((planned) => planned.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
}

test("a plan names the provider that a parent gives to its children, and none where it is the default", async () => {
  const planned = await recorded(() => {
    const provider = new Provider("cluster", { kubeconfig: output("{}") });
    const group = new Group("group", { providers: { kubernetes: provider } });
    const inner = new Group("inner", { parent: group });
    new ConfigMap("in-the-cluster", {}, { parent: inner });
    new ConfigMap("elsewhere", {});
  });
  expect(planned("cluster").type).toBe("pulumi:providers:kubernetes");
  expect(planned("in-the-cluster").provider).toBe("urn:pulumi:acme::breakwater::pulumi:providers:kubernetes::cluster");
  expect(planned("elsewhere")).not.toHaveProperty("provider");
});

test("a plan says what is protected, what stays when it is let go, and under which names it was known", async () => {
  const planned = await recorded(() => {
    const aliases = [{ type: "breakwater:old:Group" }];
    const group = new Group("group", { aliases });
    new ConfigMap("kept", {}, { parent: group, protect: true, retainOnDelete: true, aliases: [{ name: "before" }] });
    new ConfigMap("plain", {});
  });
  expect(planned("kept")).toMatchObject({ protected: true, retainOnDelete: true, aliases: [{ name: "before" }] });
  expect(planned("group").aliases).toEqual([{ type: "breakwater:old:Group" }]);
  expect(Object.keys(planned("plain")).sort()).toEqual(
    ["urn", "type", "name", "parent", "custom", "inputs", "dependencies", "protected"].sort(),
  );
});

test("no value of a secret is in a plan, known or not", async () => {
  const planned = await recorded(() => {
    const { password } = new AdminPassword("password");
    new Secret("unknown", { metadata: { name: "unknown" }, stringData: { password } });
    new Secret("known", { metadata: { name: "known" }, stringData: { password: secret("0pens-everything") } });
  });
  expect(planned("unknown").inputs).toMatchObject({ stringData: { __pulumiUnknown: true } });
  expect(planned("known").inputs).toMatchObject({ metadata: { name: "known" }, stringData: SECRET });
  expect(JSON.stringify(planned("known"))).not.toContain("0pens-everything");
});

test("resources of a parameterised package are recorded like any other", async () => {
  const planned = await recorded(() => {
    const base = { baseProviderName: "terraform-provider", baseProviderVersion: "1.1.1", baseProviderDownloadUrl: "" };
    const package_ = registerPackage({
      ...base,
      packageName: "tencentcloud",
      packageVersion: "1.83.25",
      base64Parameter: Buffer.from("{}").toString("base64"),
    });
    class Vpc extends resource.CustomResource {}
    new Vpc("tencentcloud:index/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }, {}, false, package_);
  });
  expect(planned("vpc")).toMatchObject({
    type: "tencentcloud:index/vpc:Vpc",
    custom: true,
    inputs: { cidrBlock: "10.0.0.0/16" },
  });
});

test("a plan is plain data: nothing is lost on the way through JSON", async () => {
  const plan = await recordRun("acme", {}, () => new ConfigMap("map", { data: { key: "value" } }));
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test("a plan follows from the environment's file, and not from where it is made", async () => {
  vi.stubEnv("KUBECONFIG", "/home/somebody/.kube/config");
  vi.stubEnv("AWS_REGION", "us-east-1");
  const [provider] = await recordRun("acme", {}, () => new Provider("cluster", {}));
  expect(provider?.inputs).toEqual({});
  expect(process.env["KUBECONFIG"]).toBe("/home/somebody/.kube/config");
  vi.unstubAllEnvs();
});

test("what a resource in a cluster that is not there yet would answer is unknown, as in a real preview", async () => {
  const planned = await recorded(() => {
    const { password } = new AdminPassword("password");
    const provider = new Provider("cluster", { kubeconfig: password });
    for (const [name, options] of [
      ["far", { provider }],
      ["near", {}],
    ] as const) {
      const map = new ConfigMap(name, { metadata: { name } }, options);
      new ConfigMap(`${name}-copy`, { data: { name: map.metadata.name } });
    }
  });
  expect(planned("far").inputs["metadata"]).toEqual({ name: "far" });
  expect(planned("far-copy").inputs["data"]).toEqual({ name: { __pulumiUnknown: true } });
  expect(planned("near-copy").inputs["data"]).toEqual({ name: "near" });
});
