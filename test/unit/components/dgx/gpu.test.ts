import { expect, test } from "vitest";
import { ofKind, recordPlan, sectionsOf, specOf } from "../../../support/plan.ts";

const sections = sectionsOf("acme-dgx");
const plan = await recordPlan(sections, { environment: "acme-dgx" });

test("metrics of GPUs are read by monitoring and by nobody else", () => {
  const policy = ofKind(plan, "NetworkPolicy").find(({ inputs }) =>
    JSON.stringify(inputs["metadata"]).includes("dcgm-for-monitoring"),
  );
  expect(policy === undefined ? undefined : specOf(policy)).toEqual({
    podSelector: { matchLabels: { app: "nvidia-dcgm-exporter" } },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
        ports: [{ port: 9400, protocol: "TCP" }],
      },
    ],
  });
});

test("adapters are offered without a driver from a container", () => {
  const [policy] = ofKind(plan, "NicClusterPolicy");
  expect(policy?.inputs["spec"]).not.toHaveProperty("ofedDriver");
  expect(policy?.inputs["spec"]).toMatchObject({
    rdmaSharedDevicePlugin: { repository: "registry.acme.internal:5000/ai/nvidia/mellanox" },
  });
});

test("an environment that serves no model installs nothing for GPUs", async () => {
  const { inference: _, ...rest } = sections;
  const providers = { echo: { kind: "echo" } };
  const tenants = (rest["multi_tenant"] as { tenants: readonly Record<string, unknown>[] }).tenants.map((tenant) => ({
    ...tenant,
    llm_config: { provider: "echo", model: "echo", allow_unpriced: true },
  }));
  const without = await recordPlan(
    { ...rest, model_providers: providers, multi_tenant: { ...(rest["multi_tenant"] as object), tenants } },
    { environment: "acme-dgx" },
  );
  const charts = without.filter(({ type }) => type.endsWith(":Release")).map(({ name }) => name);
  expect(charts.filter((name) => /gpu|network|nim/.test(name))).toEqual([]);
  expect(ofKind(without, "NicClusterPolicy")).toEqual([]);
});
