import { describe, expect, test } from "vitest";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { placeWith, refusalsOf } from "../../../support/places.ts";

const key = "${KEY}";
const image = (registry: string) => `${registry}/nim/a@sha256:${"0".repeat(64)}`;
const served = { name: "m", engine: "vllm", model: "a/b", precision: "bf16", gpu: "h100" };
const own = { kind: "vllm", base_url: "http://models.company.com/v1", jurisdiction: "kr", internal: true };

/** Architecture B on a cloud that the company owns. */
const inB = (sections: Readonly<Record<string, object>>) => ({
  sections: {
    deployment: { architecture: "B", topology: "alibaba", private_region: true, region: "east-1" },
    network: { host: "agents.company.com", company_cidrs: ["203.0.113.0/24"] },
    ...sections,
  },
});
const splunk = (url: string) => ({ audit: { exports: [{ kind: "splunk", name: "siem", url, token: key }] } });
const syslog = (host: string) => ({
  audit: { exports: [{ kind: "syslog", name: "siem", host, port: 6514, transport: "tls" }] },
});

describe("under B nothing outside the company network is taken:", () => {
  test.each([
    [
      "a model that nobody uses",
      {
        model_providers: {
          openai: { kind: "echo" },
          anthropic: { kind: "echo" },
          unused: { kind: "openai", api_key: key },
        },
      },
      "model_providers.unused",
    ],
    ["an audit destination outside", splunk("https://inputs.splunkcloud.com:8088"), "audit.exports[0].url"],
    ["a public address", syslog("198.51.100.7"), "audit.exports[0].host"],
    ["a name that only looks like the company's", syslog("siem.notcompany.com"), "audit.exports[0].host"],
    [
      "weights of NVIDIA's catalogue",
      { inference: { models: [{ ...served, image: image("registry.company.com") }] } },
      "inference.models[0].source",
    ],
    [
      "an image of a public registry",
      { inference: { models: [{ ...served, source: "https://mirror.company.com/a", image: image("nvcr.io") }] } },
      "inference.models[0].image",
    ],
    [
      "an image without a registry, which is Docker Hub's",
      {
        inference: {
          models: [{ ...served, source: "https://mirror.company.com/a", image: `vllm/vllm@sha256:${"0".repeat(64)}` }],
        },
      },
      "inference.models[0].image",
    ],
    [
      "a mail server outside",
      { monitoring: { smtp: { host: "smtp.example.org", port: 587, from: "a@company.com" } } },
      "monitoring.smtp.host",
    ],
    [
      "another vault outside",
      { vault: { unseal: "transit", transit_address: "https://vault.example.org" } },
      "vault.transit_address",
    ],
  ])("%s", (_what, sections, path) => {
    expect(refusalsOf(inB(sections as Readonly<Record<string, object>>))).toEqual([`placement/leaves-company ${path}`]);
  });

  test("a destination can be told from the company's only by the name of the front door, and is refused without it", () => {
    const [problem] = problemsOf(
      placeWith(inB({ network: { host: undefined }, ...syslog("siem.company.com") })),
    ).filter(({ code }) => code === "placement/leaves-company");
    expect(problem?.expected).toContain("a name below the domain of network.host, which is not set");
  });
});

describe("under B this is inside:", () => {
  test.each([
    ["a name of the company's domain", splunk("https://splunk.company.com:8088")],
    ["an address of company_cidrs", syslog("203.0.113.9")],
    ["a private address", syslog("10.1.2.3")],
    ["a name that is never public", syslog("siem.corp.internal")],
    ["a Service of the cluster", splunk("http://splunk.logs.svc.cluster.local:8088")],
    [
      "a model that is said to be the company's own",
      { model_providers: { openai: { kind: "echo" }, anthropic: { kind: "echo" }, own } },
    ],
  ])("%s", (_what, sections) => {
    expect(refusalsOf(inB(sections as Readonly<Record<string, object>>))).toEqual([]);
  });
});

test("under A destinations outside are taken", () => {
  expect(refusalsOf({ sections: splunk("https://inputs.splunkcloud.com:8088") })).toEqual([]);
});

const inChina = (sections: Readonly<Record<string, object>>) => ({
  sections: { deployment: { topology: "aws", region: "cn-1" }, ...sections },
});

test.each([
  ["openai", { kind: "openai", api_key: key }],
  [
    "qwen at its international address",
    { kind: "qwen", api_key: key, base_url: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1" },
  ],
  ["a server of the company's own abroad", own],
])("an environment in China refuses %s", (_what, provider) => {
  const providers = { model_providers: { openai: { kind: "echo" }, anthropic: { kind: "echo" }, other: provider } };
  expect(refusalsOf(inChina(providers))).toEqual(["placement/leaves-china model_providers.other"]);
});

test("an environment in China takes providers of the mainland and the echo model", () => {
  const other = { kind: "qwen", api_key: key };
  expect(
    refusalsOf(inChina({ model_providers: { openai: { kind: "echo" }, anthropic: { kind: "echo" }, other } })),
  ).toEqual([]);
});

test("an environment in China keeps its audit log for six months at least", () => {
  expect(refusalsOf(inChina({ audit: { retention_days: 182 } }))).toEqual([
    "placement/audit-retention audit.retention_days",
  ]);
  expect(refusalsOf(inChina({ audit: { retention_days: 183 } }))).toEqual([]);
  expect(refusalsOf({ sections: { audit: { retention_days: 30 } } })).toEqual([]);
});
