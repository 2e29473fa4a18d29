import { parseSections, parseSettings, readSettingsText, SETTINGS_CODES } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { localRaw, localWith, placeholder, problemsOf, refusals } from "./sample.ts";

const tenant = "multi_tenant.tenants.0";
const at = "multi_tenant.tenants[0]";

/** One change of the shipped environment, and the whole of what it is refused for. */
const changes: readonly (readonly [code: string, path: string, value: unknown, where: string])[] = [
  ["settings/unknown-key", `${tenant}.max_agent`, 3, `${at}.max_agent`],
  ["settings/unknown-key", "opensell", {}, "opensell"],
  ["settings/unknown-key", "model_providers.openai.base_url", "https://example.com", "model_providers.openai.base_url"],
  ["settings/wrong-type", `${tenant}.max_agents`, "3", `${at}.max_agents`],
  ["settings/wrong-type", `${tenant}.max_agents`, 2.5, `${at}.max_agents`],
  ["settings/wrong-type", "openshell", [], "openshell"],
  ["settings/missing", `${tenant}.max_agents`, undefined, `${at}.max_agents`],
  ["settings/missing", "enterprise.rbac", undefined, "enterprise.rbac"],
  ["settings/missing", "model_providers.openai", {}, "model_providers.openai.kind"],
  ["settings/missing-section", "openshell", undefined, "openshell"],
  ["settings/missing-section", "deployment", undefined, "deployment"],
  ["settings/invalid-value", "deployment.topology", "azure", "deployment.topology"],
  ["settings/invalid-value", "model_providers.openai", { kind: "gpt" }, "model_providers.openai.kind"],
  ["settings/invalid-format", "openshell.filesystem.allowed_paths", ["tmp"], "openshell.filesystem.allowed_paths[0]"],
  [
    "settings/invalid-format",
    "openshell.network.allowed_domains",
    ["https://a.b"],
    "openshell.network.allowed_domains[0]",
  ],
  [
    "settings/invalid-format",
    "monitoring.alerting.rules.0.condition",
    "often",
    "monitoring.alerting.rules[0].condition",
  ],
  [
    "settings/invalid-format",
    "enterprise.rbac.roles.0.permissions",
    ["chat"],
    "enterprise.rbac.roles[0].permissions[0]",
  ],
  ["settings/out-of-range", "cell.memory_mib", 1024, "cell.memory_mib"],
  ["settings/out-of-range", "front_door.replicas", 11, "front_door.replicas"],
  ["settings/out-of-range", "multi_tenant.tenants", [], "multi_tenant.tenants"],
  ["settings/not-dns-label", `${tenant}.id`, "Marketing_1", `${at}.id`],
  ["settings/not-dns-label", `${tenant}.id`, "-a", `${at}.id`],
  ["settings/not-dns-label", `${tenant}.id`, "", `${at}.id`],
  ["settings/not-dns-label", "model_providers.Big_One", { kind: "echo" }, "model_providers.Big_One"],
  ["settings/name-too-long", `${tenant}.id`, "a".repeat(57), `${at}.id`],
  ["settings/duplicate-tenant", `${tenant}.id`, "engineering", "multi_tenant.tenants[1].id"],
  ["settings/duplicate-role", "enterprise.rbac.roles.0.name", "user", "enterprise.rbac.roles[2].name"],
  [
    "settings/duplicate-rule",
    "enterprise.data_loss_prevention.rules.0.name",
    "block_credit_card",
    "enterprise.data_loss_prevention.rules[1].name",
  ],
  ["settings/duplicate-rule", "monitoring.alerting.rules.0.name", "high_latency", "monitoring.alerting.rules[1].name"],
  [
    "settings/duplicate-metric",
    "monitoring.metrics.custom_metrics.0.name",
    "openclaw_llm_api_cost_usd",
    "monitoring.metrics.custom_metrics[1].name",
  ],
  ["settings/negative-budget", `${tenant}.max_api_budget_monthly_usd`, -1, `${at}.max_api_budget_monthly_usd`],
  [
    "settings/budget-too-precise",
    `${tenant}.max_api_budget_monthly_usd`,
    0.0000001,
    `${at}.max_api_budget_monthly_usd`,
  ],
  ["settings/unknown-skill", `${tenant}.allowed_skills`, ["web-surch"], `${at}.allowed_skills[0]`],
  ["settings/unknown-skill", `${tenant}.blocked_skills`, ["*"], `${at}.blocked_skills[0]`],
  ["settings/skill-allowed-and-blocked", `${tenant}.blocked_skills`, ["web-search"], `${at}.blocked_skills[0]`],
  ["settings/unknown-provider", `${tenant}.llm_config.provider`, "mistral", `${at}.llm_config.provider`],
  [
    "settings/unknown-provider",
    `${tenant}.llm_config.fallbacks`,
    [
      { provider: "openai", model: "gpt-5.2" },
      { provider: "mistral", model: "gpt-5.2" },
    ],
    `${at}.llm_config.fallbacks[1].provider`,
  ],
  [
    "settings/unknown-provider",
    `${tenant}.llm_config.cheap_first`,
    { provider: "mistral", model: "a", max_prompt_bytes: 1 },
    `${at}.llm_config.cheap_first.provider`,
  ],
  [
    "settings/unknown-provider",
    `${tenant}.llm_config.internal`,
    { provider: "mistral", model: "a" },
    `${at}.llm_config.internal.provider`,
  ],
  [
    "settings/duplicate-export",
    "audit.exports",
    [
      { kind: "file", name: "a" },
      { kind: "file", name: "a" },
    ],
    "audit.exports[1].name",
  ],
  [
    "settings/duplicate-rule",
    "enterprise.data_loss_prevention.detectors",
    [
      { detector: "iban", action: "redact" },
      { detector: "iban", action: "block" },
    ],
    "enterprise.data_loss_prevention.detectors[1].detector",
  ],
  [
    "settings/duplicate-rule",
    "enterprise.data_loss_prevention.rules.0.name",
    "us-ssn",
    "enterprise.data_loss_prevention.rules[0].name",
  ],
  ["settings/out-of-range", "model_router.replicas", 0, "model_router.replicas"],
  ["settings/invalid-value", "monitoring.metrics.endpoint", "/other", "monitoring.metrics.endpoint"],
  [
    "settings/invalid-format",
    "model_providers.openai",
    { kind: "echo", jurisdiction: "Europe" },
    "model_providers.openai.jurisdiction",
  ],
  ["settings/not-dns-label", `${tenant}.agent_budgets_monthly_usd`, { Bot: 1 }, `${at}.agent_budgets_monthly_usd.Bot`],
  [
    "settings/invalid-format",
    `${tenant}.key_budgets_monthly_usd`,
    { bw_abcdefgh: 1 },
    `${at}.key_budgets_monthly_usd.bw_abcdefgh`,
  ],
  ["settings/negative-budget", "model_router.prices.0.input_usd", -1, "model_router.prices[0].input_usd"],
  ["settings/budget-too-precise", "model_router.prices.0.input_usd", 0.0000001, "model_router.prices[0].input_usd"],
  [
    "settings/bad-pattern",
    "enterprise.data_loss_prevention.rules.0.pattern",
    "(",
    "enterprise.data_loss_prevention.rules[0].pattern",
  ],
  [
    "settings/bad-pattern",
    "enterprise.data_loss_prevention.rules.0.pattern",
    "(?=secret)",
    "enterprise.data_loss_prevention.rules[0].pattern",
  ],
  ["settings/unknown-isolation", "openshell.isolation", "firecracker", "openshell.isolation"],
  ["settings/cannot-switch-off", "multi_tenant.enabled", false, "multi_tenant.enabled"],
  ["settings/cannot-switch-off", "enterprise.rbac.enabled", false, "enterprise.rbac.enabled"],
];

describe("a deployment is refused, for this and nothing else:", () => {
  test.each(changes)("%s when %s is %j", (code, path, value, where) => {
    expect(refusals(localWith(path, value))).toEqual([`${code} ${where}`]);
  });

  test("settings/contradiction when data that must not leave is put on a public cloud", () => {
    const raw = localWith("deployment", {
      ...(localRaw()["deployment"] as object),
      architecture: "B",
      topology: "aws",
    });
    expect(refusals(raw)).toEqual(["settings/contradiction deployment.topology"]);
  });

  test("settings/duplicate-channel when WeChat Work is given under both names", () => {
    const channel = { enabled: false, webhook_path: "/a", ...secrets(placeholder("A")) };
    const raw = localWith("channels", { wecom: channel, wechat_work: channel });
    expect(refusals(raw)).toEqual(["settings/duplicate-channel channels.wechat_work"]);
  });

  test.each(["__proto__", "constructor", "prototype"])("settings/forbidden-key when %s is a key", (key) => {
    const provider = JSON.parse(`{"${key}": {"kind": "echo"}}`) as object;
    const raw = { ...localRaw(), model_providers: { openai: { kind: "echo" }, anthropic: { kind: "echo" } } };
    Object.defineProperty(raw.model_providers, key, { ...Object.getOwnPropertyDescriptor(provider, key) });
    expect(refusals(raw)).toEqual([`settings/forbidden-key model_providers.${key}`]);
    expect(({} as { kind?: unknown }).kind).toBeUndefined();
  });

  test("settings/too-deep when levels have no end", () => {
    const endless: Record<string, unknown> = {};
    endless["again"] = endless;
    expect(refusals(endless)).toEqual([`settings/too-deep ${Array(8).fill("again").join(".")}`]);
  });

  test("settings/too-large when there are more values than any company needs", () => {
    expect(refusals({ cell: Array(100_001).fill(0) })).toEqual(["settings/too-large cell[99998]"]);
  });

  test("settings/empty when there is no section", () => {
    expect(problemsOf(() => parseSections({}, "a.json"))).toEqual([
      expect.objectContaining({ code: "settings/empty", path: "a.json#settings" }),
    ]);
  });

  test("settings/wrong-type when the whole is no object", () => {
    expect(refusals("text")).toEqual(["settings/wrong-type settings"]);
    expect(refusals([])).toEqual(["settings/wrong-type settings"]);
  });

  test("settings/wrong-type when a value is no plain data", () => {
    expect(refusals(localWith("front_door", new Date()))).toContain("settings/wrong-type front_door");
  });
});

function secrets(value: string): Record<string, string> {
  const names = ["corp_id", "agent_id", "secret", "token", "encoding_aes_key"];
  return Object.fromEntries(names.map((name) => [name, value]));
}

describe("every problem", () => {
  test("of one input is reported at once", () => {
    const raw = localWith(`${tenant}.id`, "A");
    (raw as Record<string, unknown>)["cells"] = 1;
    Object.assign((raw as { openshell: object }).openshell, { isolation: "none" });
    expect(refusals(raw)).toEqual([
      "settings/unknown-key cells",
      `settings/not-dns-label ${at}.id`,
      "settings/unknown-isolation openshell.isolation",
    ]);
  });

  test("says path, value, what was expected and what to do", () => {
    const [problem] = problemsOf(() => parseSettings(localWith("front_door.portt", 1)));
    expect(problem).toEqual({
      code: "settings/unknown-key",
      path: "front_door.portt",
      got: "a key that has no meaning here",
      expected: "one of port, replicas, max_body_bytes, limits",
      remedy: 'rename it to "port" or remove it',
    });
  });

  test("names the nearest known value", () => {
    const [problem] = problemsOf(() => parseSettings(localWith(`${tenant}.allowed_skills`, ["web-surch"])));
    expect(problem?.got).toBe('"web-surch"');
    expect(problem?.remedy).toMatch(/^write "web-search" if that is meant, else /);
  });

  test("names the file that it is in, when the file is known", () => {
    const [problem] = problemsOf(() => parseSections({ cell: { memory_mib: "2" } }, "cells.yaml"));
    expect(problem?.path).toBe("cells.yaml#cell.memory_mib");
  });

  test("has a code that some test of this folder provokes", async () => {
    const { readdirSync, readFileSync } = await import("node:fs");
    const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts"));
    const text = tests.map((name) => readFileSync(`${import.meta.dirname}/${name}`, "utf8")).join("\n");
    expect(SETTINGS_CODES.filter((code) => !text.includes(code))).toEqual([]);
  });
});

test("one file alone is not asked for the sections of others", () => {
  const { multi_tenant } = localRaw();
  expect(Object.keys(parseSections({ multi_tenant }).sections)).toEqual(["multi_tenant"]);
});

test("the shipped environment is accepted and needs no correction", () => {
  const { settings, corrections } = parseSettings(localRaw());
  expect(corrections).toEqual([]);
  expect(settings.multi_tenant.tenants.map(({ id, name }) => `${id} ${name}`)).toEqual([
    "marketing 行銷部",
    "engineering 工程部",
    "customer-service 客服部",
  ]);
});

test("a tenant id of 56 characters is accepted", () => {
  expect(parseSettings(localWith(`${tenant}.id`, "a".repeat(56))).settings.multi_tenant.tenants[0]?.id).toHaveLength(
    56,
  );
});

test("defaults are filled in where the environment says nothing", () => {
  const { front_door: _, cell: __, model_router, audit: ___, database: ____, ...rest } = localRaw();
  const { prices } = model_router as { prices: unknown };
  const { settings } = parseSettings({ ...rest, model_router: { prices } });
  expect(settings.model_router).toMatchObject({
    replicas: 2,
    first_byte_timeout_seconds: 60,
    retries: { per_provider: 1, percent: 20 },
    breaker: { failures: 5, open_seconds: 30 },
  });
  expect(settings.audit).toEqual({ include_content: false, retention_days: 365, rotate_mib: 256, exports: [] });
  expect(settings.database).toEqual({ storage_gib: 5, backup_days: 35 });
  expect(settings.vault).toEqual({ replicas: 3, storage_gib: 10 });
  expect(settings.inference).toEqual({ models: [] });
  expect(settings.front_door).toEqual({
    port: 18_789,
    replicas: 2,
    max_body_bytes: 1_048_576,
    limits: { per_key: {}, per_tenant: {} },
  });
  expect(settings.cell).toEqual({ memory_mib: 2048, cpu_request_millicores: 100, storage_gib: 1 });
});

test("a text too long to read is refused before it is parsed", () => {
  expect(problemsOf(() => readSettingsText("a.json", " ".repeat(1_048_577)))[0]?.code).toBe("settings/too-large");
});
