import { parseSettings, resolveProvider } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DATA_CLASSES } from "../../../../runtime/settings/services.ts";
import { localRaw, placeholder, problemsOf, refusals } from "./sample.ts";

const key = placeholder("KEY");
const US = { kind: "openai", api_key: key };
const CN = { kind: "deepseek", api_key: key };
const INSIDE = { kind: "vllm", base_url: "http://models.company.com/v1", jurisdiction: "kr", internal: true };

interface Change {
  readonly deployment?: object;
  readonly tenant?: object;
  readonly llm?: object;
}

/** The shipped environment with one tenant, these providers beside the echo models, and what is changed. */
function environment(providers: object, { deployment = {}, tenant = {}, llm = {} }: Change): unknown {
  const raw = localRaw() as {
    deployment: object;
    model_providers: object;
    multi_tenant: { tenants: { llm_config: object }[] };
  };
  const [first = { llm_config: {} }] = raw.multi_tenant.tenants;
  const one = { ...first, ...tenant, llm_config: { ...first.llm_config, fallbacks: [], allow_unpriced: true, ...llm } };
  return {
    ...raw,
    deployment: { ...raw.deployment, data_class: "restricted", ...deployment },
    model_providers: { ...raw.model_providers, ...providers },
    multi_tenant: { ...raw.multi_tenant, tenants: [one] },
  };
}

const at = "multi_tenant.tenants[0].llm_config";
const main = (provider: string) => ({ provider, model: "gpt-5.2" });

describe("a provider that a tenant's data may not go to is refused at plan:", () => {
  test.each([
    ["restricted data outside", { us: US }, { tenant: { data_class: "restricted" }, llm: main("us") }],
    [
      "confidential data outside without a listed country",
      { us: US },
      { tenant: { data_class: "confidential" }, llm: main("us") },
    ],
    [
      "another country than those listed",
      { cn: CN },
      { tenant: { data_class: "internal", jurisdictions: ["us"] }, llm: main("cn") },
    ],
    [
      "an internal model in a country that is not listed",
      { own: INSIDE },
      { tenant: { data_class: "internal", jurisdictions: ["us"] }, llm: main("own") },
    ],
    [
      "the deployment's class where the tenant has none",
      { us: US },
      { deployment: { data_class: "confidential" }, llm: main("us") },
    ],
    [
      "anything outside under architecture B",
      { us: US },
      { deployment: { architecture: "B" }, tenant: { data_class: "public" }, llm: main("us") },
    ],
  ])("%s", (_why, providers, change) => {
    expect(refusals(environment(providers, change))).toEqual([`settings/residency ${at}.provider`]);
  });

  test("a fallback, a cheap model and the internal model are held to the same rule", () => {
    const change = {
      tenant: { data_class: "internal", jurisdictions: ["us"] },
      llm: {
        ...main("us"),
        fallbacks: [main("us"), main("cn")],
        cheap_first: { ...main("cn"), max_prompt_bytes: 1000 },
        internal: main("own"),
      },
    };
    expect(refusals(environment({ us: US, cn: CN, own: INSIDE }, change))).toEqual([
      `settings/residency ${at}.cheap_first.provider`,
      `settings/residency ${at}.fallbacks[1].provider`,
      `settings/residency ${at}.internal.provider`,
    ]);
  });

  test("the refusal names the provider, its place and what would be allowed", () => {
    const change = { tenant: { data_class: "confidential" }, llm: main("us") };
    expect(problemsOf(() => parseSettings(environment({ us: US }, change)))).toEqual([
      {
        code: "settings/residency",
        path: `${at}.provider`,
        got: '"us", outside the company, jurisdiction "us"',
        expected: "a provider that data class confidential allows; jurisdictions: none is listed",
        remedy: 'choose "anthropic" or "openai", or change the tenant\'s data_class or jurisdictions',
      },
    ]);
  });
});

describe("is accepted:", () => {
  test.each([
    ["restricted data inside", { own: INSIDE }, { tenant: { data_class: "restricted" }, llm: main("own") }],
    [
      "confidential data in a listed country",
      { us: US },
      { tenant: { data_class: "confidential", jurisdictions: ["us"] }, llm: main("us") },
    ],
    [
      "internal data anywhere when no country is listed",
      { cn: CN },
      { tenant: { data_class: "internal" }, llm: main("cn") },
    ],
    [
      "a model of one's own under architecture B",
      { own: INSIDE },
      { deployment: { architecture: "B" }, llm: main("own") },
    ],
  ])("%s", (_why, providers, change) => {
    expect(parseSettings(environment(providers, change)).corrections).toEqual([]);
  });
});

test("restricted data never reaches an outside model, whatever else is set", () => {
  const jurisdictions = fc.option(fc.uniqueArray(fc.constantFrom("us", "cn", "sg", "kr", "eu"), { minLength: 1 }));
  const provider = fc.constantFrom("us", "cn", "own");
  fc.assert(
    fc.property(fc.constantFrom(...DATA_CLASSES), jurisdictions, provider, (dataClass, listed, name) => {
      const tenant = { data_class: dataClass, ...(listed === null ? {} : { jurisdictions: listed }) };
      const raw = environment({ us: US, cn: CN, own: INSIDE }, { tenant, llm: main(name) });
      const outside = name !== "own";
      if (dataClass === "restricted" && outside) expect(refusals(raw)).toEqual([`settings/residency ${at}.provider`]);
      if (dataClass === "confidential" && outside && listed === null) expect(refusals(raw)).toHaveLength(1);
    }),
  );
});

describe("what an entry says of its provider", () => {
  test("is known for public services, by their exact host", () => {
    const intl = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1";
    expect(resolveProvider({ kind: "qwen", api_key: { secret: "A" } }).jurisdiction).toBe("cn");
    expect(resolveProvider({ kind: "qwen", base_url: intl, api_key: { secret: "A" } }).jurisdiction).toBe("sg");
  });

  test("cannot move a public service into another country or inside the company", () => {
    const base_url = "https://api.moonshot.cn/v1";
    const lie = { kind: "openai-compatible", base_url, jurisdiction: "us", internal: true };
    expect(refusals(environment({ lie }, {}))).toEqual([
      "settings/contradiction model_providers.lie.internal",
      "settings/contradiction model_providers.lie.jurisdiction",
    ]);
  });

  test("is asked for at an address that nobody knows", () => {
    const proxy = { kind: "openai", base_url: "https://proxy.example.com/v1", api_key: key };
    expect(refusals(environment({ proxy }, {}))).toEqual(["settings/missing model_providers.proxy.jurisdiction"]);
    expect(refusals(environment({ own: { ...INSIDE, jurisdiction: undefined } }, {}))).toEqual([
      "settings/missing model_providers.own.jurisdiction",
    ]);
  });
});
