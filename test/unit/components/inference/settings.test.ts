import { ProblemError } from "@breakwater/runtime/problems";
import { parseSettings } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";
import { inferenceOf, isServedHere, modelPorts } from "../../../../stacks/inference.ts";
import { sectionsOf } from "../../../support/plan.ts";

type Model = Record<string, unknown>;
type Sections = Record<string, unknown> & {
  inference: { models: Model[] };
  network: Record<string, unknown>;
  model_providers: Record<string, Record<string, unknown>>;
};

/** The shipped environment, changed. */
function changed(change: (sections: Sections) => void) {
  const sections = structuredClone(sectionsOf("acme-dgx")) as Sections;
  change(sections);
  return parseSettings(sections).settings;
}

/** Code and path of every problem. */
function problemsOf(change: (sections: Sections) => void): readonly string[] {
  try {
    inferenceOf(changed(change), []);
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
}

function first({ inference }: Sections): Model {
  const [model] = inference.models;
  if (model === undefined) throw new Error("no model");
  return model;
}

const plain = changed(() => {});

test("served models have the GPUs that they were sized for", () => {
  const { models } = inferenceOf(plain, []);
  expect(models.map(({ name, gpus, part, replicas }) => [name, gpus, part?.name, replicas])).toEqual([
    ["nemotron-super", 2, undefined, 2],
    ["nemotron-nano", 1, "3g.40gb", 2],
  ]);
});

test("under B weights come from the company's network only, under A from anywhere but the platform's own addresses", () => {
  expect(inferenceOf(plain, ["10.0.0.0/8"]).mirrors).toEqual([
    { peers: [{ ipBlock: { cidr: "172.16.0.0/12" } }], port: 5000 },
  ]);
  const underA = changed((sections) => {
    (sections["deployment"] as Record<string, unknown>)["architecture"] = "A";
  });
  expect(inferenceOf(underA, ["10.0.0.0/8"]).mirrors).toEqual([
    { peers: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }], port: 5000 },
  ]);
});

test("the router needs the one port of model servers where there are any", () => {
  expect(modelPorts(plain)).toEqual([8000]);
  const none = changed((sections) => {
    sections.inference.models = [];
  });
  expect(modelPorts(none)).toEqual([]);
});

test("an address is a model server's by its whole ending", () => {
  expect(isServedHere("nano.inference.svc.cluster.local")).toBe(true);
  expect(isServedHere("inference.svc.cluster.local.evil.com")).toBe(false);
  expect(isServedHere("nano.inference.svc.cluster.local.evil.com")).toBe(false);
});

test("the shipped environment has no problem", () => {
  expect(problemsOf(() => {})).toEqual([]);
});

test.each<readonly [string, (sections: Sections) => void, string]>([
  [
    "a replica on two machines",
    (sections) => Object.assign(first(sections), { model: "nvidia/nemotron-3-ultra-550b-a55b", precision: "bf16" }),
    "inference/two-machines inference.models[0].gpus",
  ],
  [
    "vLLM without a mirror",
    ({ inference }) => Object.assign(inference.models[1] ?? {}, { source: "ngc" }),
    "inference/bad-source inference.models[1].source",
  ],
  [
    "a mirror without TLS",
    (sections) => Object.assign(first(sections), { source: "http://registry.acme.internal/models" }),
    "inference/bad-source inference.models[0].source",
  ],
  [
    "a bucket, of which only its cloud knows where it is",
    (sections) => Object.assign(first(sections), { source: "s3://models/super" }),
    "inference/bad-source inference.models[0].source",
  ],
  [
    "an image that the cluster does not admit",
    (sections) => Object.assign(first(sections), { image: `nvcr.io/nim/nvidia/super@sha256:${"0".repeat(64)}` }),
    "inference/foreign-image inference.models[0].image",
  ],
  [
    "an image of a registry whose name only begins alike",
    (sections) =>
      Object.assign(first(sections), { image: `registry.acme.internal:5000/ai-evil/x@sha256:${"0".repeat(64)}` }),
    "inference/foreign-image inference.models[0].image",
  ],
  [
    "a tenant that does not exist",
    (sections) =>
      Object.assign(first(sections), { tenants: ["marketing", "engineering", "customer-service", "sales"] }),
    "inference/unknown-tenant inference.models[0].tenants[3]",
  ],
  [
    "a provider whose server does not exist",
    ({ model_providers }) =>
      Object.assign(model_providers["super"] ?? {}, { base_url: "http://ultra.inference.svc.cluster.local:8000/v1" }),
    "inference/unknown-server model_providers.super.base_url",
  ],
  [
    "a provider with another port",
    ({ model_providers }) =>
      Object.assign(model_providers["super"] ?? {}, {
        base_url: "http://nemotron-super.inference.svc.cluster.local:9000/v1",
      }),
    "inference/unknown-server model_providers.super.base_url",
  ],
  [
    "no range of the company under B",
    ({ network }) => {
      network["company_cidrs"] = [];
    },
    "inference/no-way-to-mirror network.company_cidrs",
  ],
])("refused: %s", (_what, change, problem) => {
  expect(problemsOf(change)).toEqual([problem]);
});

test("two models of one name are refused, because the name is the address", () => {
  const found = problemsOf(({ inference }) => Object.assign(inference.models[1] ?? {}, { name: "nemotron-super" }));
  expect(found).toContain("inference/duplicate-model inference.models[1].name");
});

test("a model for some tenants is refused to the others, wherever they name it", () => {
  const found = problemsOf((sections) => Object.assign(first(sections), { tenants: ["engineering"] }));
  expect(found).toEqual([
    "inference/not-for-tenant multi_tenant.tenants[0].llm_config.provider",
    "inference/not-for-tenant multi_tenant.tenants[2].llm_config.fallbacks[0].provider",
  ]);
});
