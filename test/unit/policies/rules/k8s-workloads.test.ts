import { expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { k8s003 } from "../../../../policies/rules/k8s-003.ts";
import { k8s010 } from "../../../../policies/rules/k8s-010.ts";
import { k8s012 } from "../../../../policies/rules/k8s-012.ts";
import { k8s013 } from "../../../../policies/rules/k8s-013.ts";
import { k8s015 } from "../../../../policies/rules/k8s-015.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { GOOD } from "../../../support/judged-pods.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const TENANT = { "breakwater.dev/tenant": "a" };
const namespace = (name: string, labels: object) =>
  planned("kubernetes:core/v1:Namespace", { metadata: { name, labels } });

test("K8S-003: restricted for tenants, baseline elsewhere", () => {
  const good = [
    namespace("tenant-a", { ...TENANT, [ENFORCE]: "restricted" }),
    namespace("inference", { [ENFORCE]: "baseline" }),
  ];
  expect(judged("K8S-003", good, { rules: [k8s003] }).outcome).toBe("passed");
});

test.each<[string, RawResource]>([
  ["namespace tenant-a enforces baseline, not restricted", namespace("tenant-a", { ...TENANT, [ENFORCE]: "baseline" })],
  ["namespace gpu enforces privileged, not baseline or restricted", namespace("gpu", { [ENFORCE]: "privileged" })],
  ["namespace x enforces no Pod Security level", namespace("x", {})],
])("K8S-003: %s", (problem, resource) => {
  expect(problems("K8S-003", [resource], { rules: [k8s003] })).toEqual([problem]);
});

const resources = { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "64Mi" } };
const bounded = { ...GOOD, resources };
const labels = { "app.kubernetes.io/component": "router" };

/** A Deployment with one container and what its pod has beside. */
function deployment(spec: object = {}, container: object = bounded, rest: object = {}): RawResource {
  return planned("kubernetes:apps/v1:Deployment", {
    metadata: { name: "router", namespace: "breakwater" },
    spec: { ...rest, template: { metadata: { labels }, spec: { containers: [container], ...spec } } },
  });
}

const serviceAccount = (inputs: object) => planned("kubernetes:core/v1:ServiceAccount", { ...inputs });

test("K8S-010: a pod and a service account that say no pass, with a projected token or without", () => {
  const projected = {
    volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
  };
  const off = { automountServiceAccountToken: false };
  const good = [deployment(off), deployment({ ...off, ...projected }), serviceAccount(off)];
  expect(judged("K8S-010", good, { rules: [k8s010] }).outcome).toBe("passed");
});

test.each<[string, RawResource]>([
  ["the pod does not set automountServiceAccountToken to false", deployment()],
  ["the pod does not set automountServiceAccountToken to false", deployment({ automountServiceAccountToken: true })],
  ["the ServiceAccount does not set automountServiceAccountToken to false", serviceAccount({})],
])("K8S-010: %s", (problem, resource) => {
  expect(problems("K8S-010", [resource], { rules: [k8s010] })).toEqual([problem]);
});

const home = namespace("tenant-a", TENANT);
const within = (kind: string, at = "tenant-a") =>
  planned(`kubernetes:core/v1:${kind}`, { metadata: { namespace: at } });
const nim = (given: object) =>
  planned("kubernetes:apps.nvidia.com/v1alpha1:NIMService", { spec: { resources: given } });

test("K8S-012: containers with all four amounts and tenants with a quota pass", () => {
  const good = [deployment(), nim(resources), home, within("ResourceQuota"), within("LimitRange")];
  expect(judged("K8S-012", good, { rules: [k8s012] }).outcome).toBe("passed");
});

test.each<[string, RawResource[]]>([
  [
    "container cell lacks limits.cpu",
    [deployment({}, { ...bounded, resources: { ...resources, limits: { memory: "1Gi" } } })],
  ],
  ["container cell lacks requests.cpu, limits.cpu, requests.memory, limits.memory", [deployment({}, GOOD)]],
  [
    "container cell lacks requests.memory",
    [deployment({ initContainers: [{ ...bounded, resources: { ...resources, requests: { cpu: "1" } } }] })],
  ],
  ["container (of the NIM operator) lacks requests.memory", [nim({ ...resources, requests: { cpu: "1" } })]],
  ["namespace tenant-a has no ResourceQuota", [home, within("LimitRange"), within("ResourceQuota", "tenant-b")]],
  ["namespace tenant-a has no LimitRange", [home, within("ResourceQuota")]],
])("K8S-012: %s", (problem, given) => {
  expect(problems("K8S-012", given, { rules: [k8s012] })).toEqual([problem]);
});

const probes = { livenessProbe: { httpGet: {} }, readinessProbe: { httpGet: {} } };
const over = (topologyKey: string) => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey }] });
const ZONE = "topology.kubernetes.io/zone";
const budget = (matchLabels: object = labels, at = "breakwater") =>
  planned("kubernetes:policy/v1:PodDisruptionBudget", {
    metadata: { namespace: at },
    spec: { selector: { matchLabels } },
  });
const replicated = (spec: object = over(ZONE), container: object = { ...bounded, ...probes }) =>
  deployment(spec, container, { replicas: 3 });

test("K8S-013: replicas with probes, a budget and zones pass; one replica needs none of it", () => {
  const apart = { podAffinityTerm: { topologyKey: ZONE } };
  const wish = { affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [apart] } } };
  for (const good of [[replicated(), budget()], [replicated(wish), budget()], [deployment()]]) {
    expect(judged("K8S-013", good, { rules: [k8s013] }).outcome).toBe("passed");
  }
});

test("K8S-013: machines take the place of zones on a DGX cluster, and the one machine of local has none", () => {
  const given = [replicated(over("kubernetes.io/hostname")), budget()];
  expect(problems("K8S-013", given, { rules: [k8s013] })).toEqual([`its pods are not spread over ${ZONE}`]);
  expect(judged("K8S-013", given, { rules: [k8s013], facts: { topology: "dgx" } }).outcome).toBe("passed");
  const none = [replicated({}), budget()];
  expect(judged("K8S-013", none, { rules: [k8s013], facts: { topology: "local" } }).outcome).toBe("passed");
});

test.each<[string, RawResource[]]>([
  ["container cell has no livenessProbe", [replicated(undefined, { ...bounded, readinessProbe: {} }), budget()]],
  ["container cell has no readinessProbe", [replicated(undefined, { ...bounded, livenessProbe: {} }), budget()]],
  ["no PodDisruptionBudget selects it", [replicated()]],
  ["no PodDisruptionBudget selects it", [replicated(), budget({ "app.kubernetes.io/component": "front-door" })]],
  ["no PodDisruptionBudget selects it", [replicated(), budget(labels, "vault")]],
  [`its pods are not spread over ${ZONE}`, [replicated({}), budget()]],
])("K8S-013: %s", (problem, given) => {
  expect(problems("K8S-013", given, { rules: [k8s013] })).toEqual([problem]);
});

test("K8S-015: a namespace of its own is asked for", () => {
  const at = (metadata: object) => [planned("kubernetes:batch/v1:Job", { metadata, spec: {} })];
  expect(judged("K8S-015", at({ namespace: "breakwater" }), { rules: [k8s015] }).outcome).toBe("passed");
  expect(problems("K8S-015", at({ namespace: "default" }), { rules: [k8s015] })).toEqual(["its namespace is default"]);
  expect(problems("K8S-015", at({}), { rules: [k8s015] })).toEqual(["it names no namespace, and so gets default"]);
});
