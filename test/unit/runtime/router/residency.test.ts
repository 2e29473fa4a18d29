import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSettings } from "../../../../runtime/router/check-settings.ts";
import { PUBLIC_PROVIDERS, publicProviderAt } from "../../../../runtime/router/providers/catalogue.ts";
import { mayGoTo } from "../../../../runtime/router/providers/residency.ts";
import { DATA_CLASSES, type DataClass } from "../../../../runtime/settings/services.ts";
import { json, type Script, says } from "../../../support/providers/scripted-provider.ts";
import { chat, Harness } from "./harness.ts";

const PLACES = {
  first: { jurisdiction: "us", internal: false },
  second: { jurisdiction: "eu", internal: false },
  cheap: { jurisdiction: "us", internal: false },
  inside: { jurisdiction: "kr", internal: true },
} as const;
type Name = keyof typeof PLACES;
const names = Object.keys(PLACES) as Name[];

/** The rule again, in other words than the code's. */
function allowed(dataClass: DataClass, jurisdictions: readonly string[] | undefined, name: Name): boolean {
  const { jurisdiction, internal } = PLACES[name];
  if (jurisdictions !== undefined && !jurisdictions.includes(jurisdiction)) return false;
  if (internal) return true;
  return (
    dataClass === "public" || dataClass === "internal" || (dataClass === "confidential" && jurisdictions !== undefined)
  );
}

const SCRIPTS: Readonly<Record<string, Script>> = {
  ok: says("hello"),
  "500": json(500, {}),
  "429": json(429, {}),
  "400": json(400, {}),
  reset: (response) => void response.socket?.destroy(),
  nonsense: json(200, "nonsense"),
  length: json(200, { choices: [{ message: { content: "" }, finish_reason: "length" }] }),
};

test("whatever fails and however it is configured, no request reaches a provider that its tenant's data may not go to", async () => {
  const pick = fc.constantFrom(...names);
  const tenant = fc.record({
    data_class: fc.constantFrom(...DATA_CLASSES),
    jurisdictions: fc.option(fc.subarray(["us", "eu", "kr"]), { nil: undefined }),
    chain: fc.array(pick, { minLength: 1, maxLength: 3 }),
    cheap: fc.option(pick, { nil: undefined }),
    internal: fc.option(pick, { nil: undefined }),
  });
  const ref = (provider: Name) => ({ provider, model: "gpt" });
  // Many tenants of one router, each with settings that a start would partly refuse.
  const tenants = fc.sample(tenant, { numRuns: 150, seed: 4 });
  const router = await Harness.start({
    settings: { retries: { per_provider: 1, percent: 100 }, breaker: { failures: 1_000_000 } },
    screening: { rules: [{ name: "keep", action: "route", pattern: "projekt x" }] },
    tenants: tenants.map(({ data_class, jurisdictions, chain, cheap, internal }, index) => ({
      id: `t${index}`,
      data_class,
      ...(jurisdictions === undefined ? {} : { jurisdictions }),
      chain: chain.map(ref),
      ...(cheap === undefined ? {} : { cheap_first: { ...ref(cheap), max_prompt_bytes: 200 } }),
      ...(internal === undefined ? {} : { internal: ref(internal) }),
    })),
  });
  const request = fc.record({
    at: fc.nat(tenants.length - 1),
    stream: fc.boolean(),
    text: fc.constantFrom("hi", "about projekt x", "x".repeat(300)),
    scripts: fc.tuple(...names.map(() => fc.constantFrom(...Object.keys(SCRIPTS)))),
  });
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(request, async ({ at, stream, text, scripts }) => {
      for (const [index, name] of names.entries()) {
        router.providers[name].reset();
        router.providers[name].script = SCRIPTS[scripts[index] ?? ""] ?? says("hello");
      }
      const { data_class, jurisdictions } = tenants[at] ?? { data_class: "restricted", jurisdictions: undefined };
      await router.post(chat({ stream, messages: [{ role: "user", content: text }] }), `key-t${at}`);
      for (const name of names) {
        if (router.providers[name].seen.length === 0) continue;
        reached += 1;
        expect(allowed(data_class, jurisdictions, name)).toBe(true);
        // What screening keeps inside reaches only what is inside.
        if (text === "about projekt x") expect(PLACES[name].internal).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
  expect(reached).toBeGreaterThan(100);
  await router.close();
}, 30_000);

test("the rule is the rule, for every class, list and place", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...DATA_CLASSES),
      fc.option(fc.subarray(["us", "eu", "kr"]), { nil: undefined }),
      fc.constantFrom(...names),
      (dataClass, list, name) => {
        const jurisdictions = list === undefined ? undefined : new Set(list);
        expect(mayGoTo({ dataClass, jurisdictions }, PLACES[name])).toBe(allowed(dataClass, list, name));
      },
    ),
  );
});

test("a start with a provider that the tenant's data may not go to, or that is unknown, is refused with all of them", async () => {
  const router = await Harness.start();
  const [tenant] = router.settings.tenants;
  if (tenant === undefined) throw new Error("no tenant");
  const bad = {
    ...router.settings,
    tenants: [
      {
        ...tenant,
        data_class: "restricted" as const,
        cheap_first: { provider: "nobody", model: "m", max_prompt_bytes: 1 },
        internal: { provider: "second", model: "m" },
      },
    ],
  };
  const refusal = catchError(() => checkSettings(bad));
  expect(refusal).toContain("[residency/forbidden-provider] tenants[0].chain[0].provider");
  expect(refusal).toContain("[residency/forbidden-provider] tenants[0].chain[1].provider");
  expect(refusal).toContain("[provider/unknown] tenants[0].cheap_first.provider");
  expect(refusal).toContain("[residency/internal-is-outside] tenants[0].internal.provider");
  expect(() => checkSettings(router.settings)).not.toThrow();
  await router.close();
});

test("a public service cannot be configured into another jurisdiction or into the company", async () => {
  const router = await Harness.start();
  const at = (base_url: string, jurisdiction: string, internal = false) => ({
    ...router.settings,
    providers: { ...router.settings.providers, p: { kind: "qwen" as const, base_url, jurisdiction, internal } },
  });
  expect(catchError(() => checkSettings(at("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "cn")))).toContain(
    "[residency/wrong-place] providers.p",
  );
  expect(catchError(() => checkSettings(at("https://dashscope-intl.aliyuncs.com./v1", "cn")))).toContain("wrong-place");
  expect(catchError(() => checkSettings(at("https://api.openai.com/v1", "us", true)))).toContain("wrong-place");
  expect(() => checkSettings(at("https://dashscope.aliyuncs.com/compatible-mode/v1", "cn"))).not.toThrow();
  await router.close();
});

test("a provider of the environment's own authority is refused where the router knows no authority", async () => {
  const router = await Harness.start();
  const p = { kind: "vllm", base_url: "https://m.inference.svc.cluster.local:8000/v1", own_authority: true } as const;
  const { transport: _transport, ...plain } = router.settings;
  const settings = { ...plain, providers: { ...plain.providers, p: { ...p, jurisdiction: "cn", internal: true } } };
  expect(catchError(() => checkSettings(settings))).toContain("[transport/missing] providers.p.own_authority");
  await router.close();
});

test("public services are known by their exact host: DashScope's two hosts are two places", () => {
  const place = (host: string) => publicProviderAt(`https://${host}/v1`)?.jurisdiction;
  expect([place("dashscope.aliyuncs.com"), place("dashscope-intl.aliyuncs.com")]).toEqual(["cn", "sg"]);
  for (const other of [
    "x.dashscope.aliyuncs.com",
    "dashscope.aliyuncs.com.example.com",
    "aliyuncs.com",
    "dashscope-us.aliyuncs.com",
  ]) {
    expect(place(other)).toBeUndefined();
  }
  for (const { host, baseUrl } of PUBLIC_PROVIDERS) expect(new URL(baseUrl).hostname).toBe(host);
});

function catchError(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  return "";
}
