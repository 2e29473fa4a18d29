import { expect, test } from "vitest";
import type { NodePool } from "../../../../components/demand.ts";
import type { ExistingCluster } from "../../../../components/dgx/existing.ts";
import { Operators, operatorsOf } from "../../../../components/dgx/operators.ts";
import { texts } from "../../../support/plan.ts";
import { record } from "../../../support/record.ts";

const existing: ExistingCluster = {
  registry: "registry.acme.internal:5000/ai",
  charts: "oci://registry.acme.internal:5000/charts",
  pod_cidr: "10.244.0.0/16",
  service_cidr: "10.96.0.0/16",
  api_cidr: "172.20.0.0/24",
  load_balancer_cidr: "172.20.8.0/28",
  storage_class: "block",
  shared_storage_class: "files",
};

const pool: NodePool = {
  name: "gpu-h100-3g40",
  role: "gpu",
  vcpus: 4,
  memoryGiB: 16,
  gpu: { kind: "h100", perNode: 1, migProfile: "3g.40gb" },
  min: 0,
  max: 1,
  podsPerNode: 20,
};

const operators = operatorsOf(existing, [pool]);

function valuesOf(chart: string): Readonly<Record<string, unknown>> {
  const found = operators.find((operator) => operator.chart === chart);
  if (found === undefined) throw new Error(`no ${chart}`);
  return found.values;
}

async function releases(cluster: ExistingCluster) {
  const seen = await record(() => new Operators("operators", { existing: cluster, operators }));
  return seen.filter(({ type }) => type.endsWith(":Release")).map(({ inputs }) => inputs);
}

test("every operator is pinned to one version, and says where it was read", () => {
  expect(operators.map(({ chart, version }) => `${chart} ${version}`)).toEqual([
    "metallb 0.16.1",
    "gpu-operator v26.7.0",
    "network-operator 26.1.2",
    "k8s-nim-operator 3.1.4",
  ]);
  for (const { version, source } of operators) {
    expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
    expect(source).not.toBe("");
  }
});

test("without GPUs only the load balancer is installed", () => {
  expect(operatorsOf(existing, []).map(({ chart }) => chart)).toEqual(["metallb"]);
});

test("charts come from the company's mirror, as OCI or as an index", async () => {
  const [first] = await releases(existing);
  expect(first).toMatchObject({ chart: "oci://registry.acme.internal:5000/charts/metallb" });
  expect(first).not.toHaveProperty("repositoryOpts");
  const [indexed] = await releases({ ...existing, charts: "https://charts.acme.internal/stable/" });
  expect(indexed).toMatchObject({ chart: "metallb", repositoryOpts: { repo: "https://charts.acme.internal/stable" } });
});

test("a failed installation is taken back, and its namespace is there before it with the level that its pods need", async () => {
  for (const release of await releases(existing))
    expect(release).toMatchObject({ atomic: true, createNamespace: false });
  const levels = operators.map(({ namespace, podSecurity }) => [namespace, podSecurity]);
  expect(levels).toEqual([
    ["metallb-system", "privileged"],
    ["gpu-operator", "privileged"],
    ["network-operator", "privileged"],
    ["nim-operator", "baseline"],
  ]);
});

test("every image that a value names is the company registry's", () => {
  const repositories = operators.flatMap(({ chart, values }) =>
    texts(values)
      .filter(({ path, text }) => path.endsWith(".repository") && text !== "repository")
      .map(({ text }) => `${chart} ${text}`),
  );
  expect(repositories.length).toBeGreaterThan(15);
  expect(repositories.filter((entry) => !entry.includes(` ${existing.registry}/`))).toEqual([]);
});

test("driver and container toolkit are those of DGX OS", () => {
  expect(valuesOf("gpu-operator")).toMatchObject({ driver: { enabled: false }, toolkit: { enabled: false } });
});

test("GPUs are handed out whole or cut by MIG; nothing shares one by time", () => {
  const values = valuesOf("gpu-operator") as {
    mig: unknown;
    devicePlugin: { config: { create: boolean; default: string; data: Record<string, string> } };
  };
  expect(values.mig).toEqual({ strategy: "mixed" });
  expect(JSON.parse(values.devicePlugin.config.data["default"] ?? "")).toEqual({
    version: "v1",
    flags: { migStrategy: "mixed" },
  });
  expect(JSON.stringify(values)).not.toMatch(/timeSlicing|time-slicing|mps/i);
});

test("nodes stay whole unless their label chooses a layout, and layouts are those that models asked for", () => {
  const { config } = valuesOf("gpu-operator")["migManager"] as {
    config: { default: string; data: Record<string, string> };
  };
  expect(config.default).toBe("all-disabled");
  expect(JSON.parse(config.data["config.yaml"] ?? "")).toEqual({
    version: "v1",
    "mig-configs": {
      "all-disabled": [{ devices: "all", "mig-enabled": false }],
      "all-3g.40gb": [{ devices: "all", "mig-enabled": true, "mig-devices": { "3g.40gb": 2 } }],
    },
  });
});

test("the GPU operator's pods may run on nodes of the GPU pool", () => {
  expect(valuesOf("gpu-operator")["daemonsets"]).toEqual({
    tolerations: expect.arrayContaining([
      { key: "breakwater.dev/pool", operator: "Equal", value: "gpu", effect: "NoSchedule" },
    ]),
  });
});

test("MetalLB answers only Services of its class and announces by the nodes' own network", () => {
  expect(valuesOf("metallb")).toMatchObject({
    loadBalancerClass: "metallb.io/metallb",
    frrk8s: { enabled: false },
    speaker: { frr: { enabled: false } },
    networkpolicies: { enabled: true, defaultDeny: true },
  });
});

test("two operators do not write the same labels: node feature discovery comes once", () => {
  expect(valuesOf("network-operator")).toMatchObject({ nfd: { enabled: false } });
});
