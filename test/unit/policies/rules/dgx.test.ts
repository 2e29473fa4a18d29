import { describe, expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { dgx001 } from "../../../../policies/rules/dgx-001.ts";
import { dgx002 } from "../../../../policies/rules/dgx-002.ts";
import { dgx004 } from "../../../../policies/rules/dgx-004.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const rules = [dgx001, dgx002, dgx004];
const given = { rules, facts: { topology: "dgx", airGapped: true } } as const;
const found = (id: string, ...resources: readonly RawResource[]) => problems(id, resources, given);
const outcome = (id: string, ...resources: readonly RawResource[]) => judged(id, resources, given).outcome;

const MIRROR = "registry.acme.internal:5000/ai";
const DIGEST = `sha256:${"0".repeat(64)}`;
const unknown = { __pulumiUnknown: true };

const at = { repository: `${MIRROR}/nvidia` };
const values = {
  operator: at,
  validator: at,
  driver: { enabled: false },
  toolkit: { enabled: false },
  devicePlugin: { ...at, config: { name: "plugin", data: { default: '{"version":"v1"}' } } },
  gfd: at,
  dcgmExporter: at,
  migManager: at,
  mig: { strategy: "mixed" },
  "node-feature-discovery": { image: { repository: `${MIRROR}/nfd` } },
};
const release = (change: object = {}) =>
  planned("kubernetes:helm.sh/v3:Release", {
    chart: "oci://registry.acme.internal:5000/charts/gpu-operator",
    version: "v26.3.1",
    values,
    ...change,
  });
const plugin = (config: object) => release({ values: { ...values, devicePlugin: { ...at, config } } });

test("the GPU operator from a mirror, with GPUs that are whole or cut, passes", () => {
  for (const id of ["DGX-001", "DGX-002", "DGX-004"]) expect([id, outcome(id, release())]).toEqual([id, "passed"]);
});

describe("DGX-001", () => {
  const shared = ["the device plugin shares GPUs by time-slicing or MPS"];

  test.each([
    ["text", { name: "plugin", data: { default: "sharing:\n  timeSlicing:\n    resources: []" } }],
    ["text", { name: "plugin", data: { default: '{"sharing":{"mps":{"resources":[]}}}' } }],
    ["structure", { name: "plugin", data: { default: { sharing: { timeSlicing: {} } } } }],
  ])("sharing without walls is refused, as %s", (_, config) => {
    expect(found("DGX-001", plugin(config))).toEqual(shared);
  });

  test("the plugin alone is judged as well", () => {
    const config = { map: { default: "sharing: { timeSlicing: {} }" } };
    expect(found("DGX-001", release({ chart: "nvidia-device-plugin", values: { config } }))).toEqual(shared);
  });

  test("a missing strategy and a configuration from elsewhere are refused", () => {
    expect(found("DGX-001", release({ values: { ...values, mig: {} } }))).toEqual(["mig.strategy is missing"]);
    expect(found("DGX-001", plugin({ name: "theirs" }))).toEqual([
      "the device plugin's configuration theirs is not in the plan",
    ]);
  });
});

describe("DGX-002", () => {
  const nim = (image: object) => planned("kubernetes:apps.nvidia.com/v1alpha1:NIMService", { spec: { image } });
  const cache = (modelPuller: string) =>
    planned("kubernetes:apps.nvidia.com/v1alpha1:NIMCache", { spec: { source: { ngc: { modelPuller } } } });
  const adapters = (repository: string, version: string) =>
    planned("kubernetes:mellanox.com/v1alpha1:NicClusterPolicy", {
      spec: { rdmaSharedDevicePlugin: { image: "plugin", repository, version, config: "{}" } },
    });

  test.each([
    ["no version", release({ version: undefined }), "version is missing"],
    ["a range", release({ version: "^26.0.0" }), "version is ^26.0.0"],
    [
      "a chart of the internet",
      release({ chart: "gpu-operator", repositoryOpts: { repo: "https://helm.ngc.nvidia.com/nvidia" } }),
      "the chart gpu-operator is not from a mirror",
    ],
    ["a chart of no place", release({ chart: "gpu-operator" }), "the chart gpu-operator is not from a mirror"],
    ["an image left to the chart", release({ values: { ...values, gfd: {} } }), "gfd.repository is not overridden"],
    [
      "an image of the internet",
      release({ values: { ...values, gfd: { repository: "nvcr.io/nvidia" } } }),
      "values name nvcr.io",
    ],
    [
      "a nested chart's image",
      release({ values: { ...values, "node-feature-discovery": {} } }),
      "node-feature-discovery.repository is not overridden",
    ],
    [
      "a tag",
      nim({ repository: `${MIRROR}/nim/model`, tag: "1.0.0" }),
      `the image ${MIRROR}/nim/model:1.0.0 is not named by digest`,
    ],
    [
      "an image of the internet",
      nim({ repository: "nvcr.io/nim/model@sha256", tag: "0".repeat(64) }),
      `the image nvcr.io/nim/model@${DIGEST} is not from a mirror`,
    ],
    ["a tag", cache(`${MIRROR}/nim/model:1`), `the image ${MIRROR}/nim/model:1 is not named by digest`],
    ["another registry", adapters("nvcr.io/nvidia", "v1"), "rdmaSharedDevicePlugin is from nvcr.io/nvidia"],
    ["no version", adapters(`${MIRROR}/nvidia`, "latest"), "rdmaSharedDevicePlugin has the version latest"],
  ])("%s is refused: %#", (_, resource, problem) => {
    expect(found("DGX-002", resource)).toEqual([problem]);
  });

  test("a mirror and a digest pass", () => {
    expect(outcome("DGX-002", nim({ repository: `${MIRROR}/nim/model@sha256`, tag: "0".repeat(64) }))).toBe("passed");
    expect(outcome("DGX-002", cache(`${MIRROR}/nim/model@${DIGEST}`))).toBe("passed");
    expect(outcome("DGX-002", adapters(`${MIRROR}/nvidia`, "network-operator-v26.1.2"))).toBe("passed");
  });
});

describe("DGX-004", () => {
  const config = (text: string) => planned("kubernetes:core/v1:ConfigMap", { data: { "settings.json": text } });
  const pod = (image: unknown, annotations: object = {}) =>
    planned("kubernetes:apps/v1:Deployment", {
      spec: { template: { metadata: { annotations }, spec: { containers: [{ name: "c", image }] } } },
    });

  test.each([
    "http://router.breakwater.svc.cluster.local:8080",
    "https://models.acme.internal/Qwen",
    "http://10.0.0.1/",
    "http://router",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    "vllm.metrics:1",
    "https://${HOST}/",
  ])("a name of the cluster or of the company's network passes: %s", (text) => {
    expect(outcome("DGX-004", config(text))).toBe("passed");
  });

  test.each([
    ["https://api.openai.com/v1", "names api.openai.com"],
    ["see https://user@github.com/a and https://github.com/b", "names github.com"],
    ["http://8.8.8.8/", "names 8.8.8.8"],
    ["smtp.gmail.com:465", "names smtp.gmail.com"],
  ])("an address of the internet is found: %s", (text, problem) => {
    expect(found("DGX-004", config(text))).toEqual([problem]);
  });

  test("an image of the internet is found in a pod and in the values of a chart", () => {
    expect(found("DGX-004", pod("busybox:1"))).toEqual(["runs busybox:1"]);
    expect(found("DGX-004", pod("quay.io/a/b:1"))).toEqual(["names quay.io", "runs quay.io/a/b:1"]);
    expect(outcome("DGX-004", pod(`${MIRROR}/a@${DIGEST}`))).toBe("passed");
    expect(found("DGX-004", release({ values: { image: { registry: "ghcr.io/a" } } }))).toEqual(["names ghcr.io"]);
  });

  test("what is known only after an update hides nothing that is known, and is not taken for known", () => {
    expect(outcome("DGX-004", pod(unknown))).toBe("unknown");
    expect(found("DGX-004", pod(unknown), config("https://quay.io/"))).toEqual(["names quay.io"]);
    const behind = planned("kubernetes:core/v1:ConfigMap", { data: { a: unknown, b: "https://quay.io/" } });
    expect(found("DGX-004", behind)).toEqual(["names quay.io"]);
  });

  test("the fingerprint of secrets is no address", () => {
    expect(outcome("DGX-004", pod(`${MIRROR}/a@${DIGEST}`, { "breakwater.dev/secrets": unknown }))).toBe("passed");
  });

  test("an environment that may reach the internet names whom it likes", () => {
    const open = { rules, facts: { airGapped: false } };
    expect(judged("DGX-004", [config("https://api.openai.com")], open).outcome).toBe("does not apply");
  });
});
