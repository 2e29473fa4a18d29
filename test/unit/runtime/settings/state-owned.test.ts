import { parseSettings } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkSettings } from "../../../../runtime/router/check-settings.ts";
import { makersOf } from "../../../../runtime/settings/maker-of.ts";
import { MODEL_MAKERS } from "../../../../runtime/settings/model-makers.ts";
import { RouterSettings } from "../../../../runtime/settings/services.ts";
import { routerOf } from "../../../../stacks/model-router.ts";
import { localRaw, placeholder, problemsOf, refusals } from "./sample.ts";

const api_key = placeholder("KEY");
const at = "multi_tenant.tenants[0].llm_config";
const PROVIDERS = {
  qwen: { kind: "qwen", api_key },
  intl: { kind: "qwen", api_key, base_url: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1" },
  us: { kind: "openai", api_key },
  own: { kind: "vllm", base_url: "http://own.inference.svc.cluster.local:8000/v1", jurisdiction: "cn", internal: true },
};

interface Asked {
  readonly provider: string;
  readonly model: string;
}
const HOME: Asked = { provider: "own", model: "Qwen/Qwen3-32B" };

interface Given {
  readonly deployment?: object;
  readonly tenant?: object;
  readonly llm?: object;
  readonly inference?: object;
}

/** The shipped environment of a state-owned customer with one tenant. */
function environment({ deployment = {}, tenant = {}, llm = {}, inference }: Given = {}): unknown {
  const raw = localRaw() as { deployment: object; multi_tenant: { tenants: object[] } };
  const [first = {}] = raw.multi_tenant.tenants;
  const llm_config = { ...HOME, allow_unpriced: true, max_tokens_per_request: 100, ...llm };
  return {
    ...raw,
    deployment: { ...raw.deployment, jurisdiction: "cn", state_owned: true, ...deployment },
    model_providers: PROVIDERS,
    multi_tenant: { ...raw.multi_tenant, tenants: [{ ...first, ...tenant, llm_config }] },
    ...(inference === undefined ? {} : { inference }),
  };
}

const served = (model: string) => ({
  models: [
    {
      ...{ name: "own", engine: "vllm", model, precision: "bf16", gpu: "h100" },
      image: `registry.company.com/vllm@sha256:${"0".repeat(64)}`,
      source: "https://mirror.company.com/weights",
    },
  ],
});

/** Every place in which a tenant can name a model; the n-th fallback stands behind n of its own. */
const PLACES: Readonly<Record<string, (asked: Asked) => { readonly llm: object; readonly path: string }>> = {
  model: (asked) => ({ llm: asked, path: at }),
  ...Object.fromEntries(
    [...Array(8).keys()].map((position) => [
      `fallback ${position}`,
      (asked: Asked) => ({
        llm: { fallbacks: [...Array(position).fill(HOME), asked] },
        path: `${at}.fallbacks[${position}]`,
      }),
    ]),
  ),
  "cheap first": (asked) => ({
    llm: { cheap_first: { ...asked, max_prompt_bytes: 1000 } },
    path: `${at}.cheap_first`,
  }),
  internal: (asked) => ({ llm: { internal: asked }, path: `${at}.internal` }),
};
const place = fc.constantFrom(...Object.keys(PLACES));
const placed = (name: string, asked: Asked) => {
  const found = PLACES[name];
  if (found === undefined) throw new Error(name);
  return found(asked);
};

const FOREIGN = [
  "gpt-5.2",
  "openai/gpt-oss-120b",
  "gpt4o",
  "o3-mini",
  "claude-sonnet-4-6",
  "meta-llama/Llama-3.3-70B-Instruct",
  "llama3.3-70b-instruct",
  "nvidia/nemotron-3-super-120b-a12b",
  "nvidia/Qwen3-32B-FP8",
  "deepseek-ai/DeepSeek-R1-Distill-Llama-70B",
  "qwen-ll-ama",
  "ＬＬＡＭＡ-3",
  "mistralai/Mixtral-8x7B",
  "google/gemma-3-27b",
  "CohereForAI/c4ai-command-r",
  "phi4",
  "LGAI-EXAONE/EXAONE-4.0-32B",
];
const UNKNOWN = ["the-company/its-own-7b", "qwеn-plus", "qwenplus2", "xqwen", "qwen\u200b-plus"];
const DOMESTIC = [
  "Qwen/Qwen3-32B",
  "qwen-plus",
  "qwen2.5vl-7b",
  "QwQ-32B",
  "deepseek-chat",
  "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
  "ernie-4.5-turbo",
  "hunyuan-turbos-latest",
  "kimi-k2",
  "moonshot-v1-8k",
  "THUDM/GLM-4-9B",
  "chatglm3",
];

test.each(DOMESTIC)("a state-owned customer may use %s", (model) => {
  expect(parseSettings(environment({ llm: { provider: "own", model } })).corrections).toEqual([]);
  expect(refusals(environment({ llm: { model: "gpt-5.2" }, inference: served(model) }))).toEqual([
    `settings/foreign-model ${at}.model`,
  ]);
});

test.each([...FOREIGN, ...UNKNOWN])("%s is refused wherever it is named, own GPUs included", (model) => {
  for (const name of Object.keys(PLACES)) {
    const { llm, path } = placed(name, { provider: "own", model });
    expect([name, refusals(environment({ llm }))]).toEqual([name, [`settings/foreign-model ${path}.model`]]);
  }
  expect(refusals(environment({ inference: served(model) }))).toEqual([
    "settings/foreign-model inference.models[0].model",
  ]);
});

test("without state ownership the same models pass", () => {
  for (const model of [...FOREIGN, ...UNKNOWN]) {
    const raw = environment({ deployment: { state_owned: false }, llm: { provider: "own", model } });
    expect(parseSettings(raw).settings.deployment.state_owned).toBe(false);
  }
});

test("no placing of a foreign maker's word in a model's name makes it domestic", () => {
  const words = MODEL_MAKERS.filter(({ country }) => country !== "cn").flatMap(({ words }) => words);
  const home = fc.constantFrom("qwen", "deepseek", "glm", "Qwen/Qwen3-32B", "hunyuan-turbos");
  const shape = fc.tuple(fc.constantFrom(...words), home, fc.constantFrom("-", "/", "_", ".", " ", ":"), fc.boolean());
  fc.assert(
    fc.property(shape, fc.nat(99), place, ([word, own, between, isFirst], number, name) => {
      const spelled = number % 2 === 0 ? word.toUpperCase() : word;
      // o1 with a number behind it is another word.
      const foreign = /\d$/.test(word) ? spelled : `${spelled}${number}`;
      const model = isFirst ? `${foreign}${between}${own}` : `${own}${between}${foreign}`;
      const { llm, path } = placed(name, { provider: "own", model });
      expect(refusals(environment({ llm }))).toEqual([`settings/foreign-model ${path}.model`]);
    }),
    { numRuns: 60 },
  );
});

test("a provider abroad is refused wherever it is named, whatever the tenant lists and its class is", () => {
  const listed = fc.constantFrom(undefined, ["cn"], ["us", "cn", "sg"], ["us", "sg"]);
  const dataClass = fc.constantFrom("public", "internal");
  fc.assert(
    fc.property(
      place,
      fc.constantFrom("us", "intl"),
      listed,
      dataClass,
      (name, provider, jurisdictions, data_class) => {
        const { llm, path } = placed(name, { provider, model: "qwen-plus" });
        const tenant = { data_class, ...(jurisdictions === undefined ? {} : { jurisdictions }) };
        expect(refusals(environment({ llm, tenant }))).toContain(`settings/residency ${path}.provider`);
      },
    ),
    { numRuns: 60 },
  );
});

test("state ownership opens nothing: confidential data that lists no country stays inside", () => {
  const outside = (deployment: object, tenant: object) =>
    environment({
      deployment: { data_class: "restricted", ...deployment },
      tenant,
      llm: { provider: "qwen", model: "qwen-plus" },
    });
  for (const state_owned of [true, false]) {
    for (const data_class of ["confidential", "restricted"]) {
      expect(refusals(outside({ state_owned }, { data_class }))).toEqual([`settings/residency ${at}.provider`]);
    }
    expect(
      parseSettings(outside({ state_owned }, { data_class: "confidential", jurisdictions: ["cn"] })).corrections,
    ).toEqual([]);
  }
});

describe("a declared model", () => {
  const own = { llm: { provider: "own", model: "the-company/its-own-7b" } };

  test("is taken by its exact id", () => {
    const declare = (...domestic_models: readonly string[]) => environment({ ...own, deployment: { domestic_models } });
    expect(parseSettings(declare("the-company/its-own-7b")).corrections).toEqual([]);
    expect(refusals(declare("the-company/its-own", "its-own-7b"))).toEqual([`settings/foreign-model ${at}.model`]);
  });

  test("cannot be one that a maker abroad is known by, and means nothing without state ownership", () => {
    const model = "meta-llama/Llama-3.3-70B";
    const llm = { provider: "own", model };
    expect(refusals(environment({ llm, deployment: { domestic_models: [model] } }))).toEqual([
      "settings/contradiction deployment.domestic_models[0]",
      `settings/foreign-model ${at}.model`,
    ]);
    expect(refusals(environment({ deployment: { state_owned: false, domestic_models: ["a"] } }))).toEqual([
      "settings/contradiction deployment.domestic_models[0]",
    ]);
  });
});

test("the refusal names the model, its maker, the rule and what may be chosen", () => {
  const llm = {
    fallbacks: [
      { provider: "own", model: "meta-llama/Llama-3.3-70B" },
      { provider: "own", model: "its-own" },
    ],
  };
  expect(problemsOf(() => parseSettings(environment({ llm })))).toEqual([
    {
      code: "settings/foreign-model",
      path: `${at}.fallbacks[0].model`,
      got: '"meta-llama/Llama-3.3-70B", a model of Meta (us)',
      expected:
        'a model whose maker is under the law of "cn", because deployment.state_owned is true (asked of state-owned companies by the requirements)',
      remedy: 'choose "Qwen/Qwen3-32B", which the settings name already',
    },
    {
      code: "settings/foreign-model",
      path: `${at}.fallbacks[1].model`,
      got: '"its-own", whose maker is not known',
      expected:
        'a model whose maker is under the law of "cn", because deployment.state_owned is true (asked of state-owned companies by the requirements)',
      remedy:
        'choose "Qwen/Qwen3-32B", which the settings name already, or add this one to deployment.domestic_models if its maker is in "cn"',
    },
  ]);
});

test("the model router is told of China alone, and refuses to start with a provider elsewhere", () => {
  const { settings } = parseSettings(environment());
  const router = RouterSettings.parse(
    routerOf(settings, { host: "db", port: 5432, name: "breakwater", authority: undefined } as never).settings,
  );
  expect(router.tenants.map(({ jurisdictions }) => jurisdictions)).toEqual([["cn"]]);
  expect(() => checkSettings(router)).not.toThrow();
  const [tenant] = router.tenants;
  const broken = { ...router, tenants: [{ ...tenant, chain: [{ provider: "intl", model: "qwen-plus" }] }] };
  expect(() => checkSettings(broken as RouterSettings)).toThrow(/residency\/forbidden-provider/);
});

test("every maker has a country and a source, and no word is two makers'", () => {
  const all = MODEL_MAKERS.flatMap(({ words }) => words);
  expect(new Set(all).size).toBe(all.length);
  expect(
    MODEL_MAKERS.filter(({ country, source }) => !/^[a-z]{2}$/.test(country) || !/\d{4}-\d\d-\d\d/.test(source)),
  ).toEqual([]);
  for (const { maker, words } of MODEL_MAKERS) {
    for (const word of words) expect(makersOf(word, "cn").map((one) => one.maker)).toContain(maker);
  }
});
