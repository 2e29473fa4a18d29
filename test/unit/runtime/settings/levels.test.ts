import { parseSettings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { localRaw, localWith, placeholder, refusals } from "./sample.ts";

const tenant = "multi_tenant.tenants.0";
const at = "multi_tenant.tenants[0]";

/** The shipped environment with several places changed. */
function changed(changes: Readonly<Record<string, unknown>>): unknown {
  const raw = localRaw();
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const target = keys.reduce<Record<string, unknown>>((part, key) => {
      part[key] ??= {};
      return part[key] as Record<string, unknown>;
    }, raw);
    target[last] = value;
  }
  return raw;
}

describe("a lower level never loosens a higher one:", () => {
  test("an agent's or key's budget above its tenant's is refused", () => {
    const raw = changed({
      [`${tenant}.agent_budgets_monthly_usd`]: { default: 500, writer: 500.01 },
      [`${tenant}.key_budgets_monthly_usd`]: { abcd1234: 501, wxyz1234: 1 },
    });
    expect(refusals(raw)).toEqual([
      `settings/budget-above-tenant ${at}.agent_budgets_monthly_usd.writer`,
      `settings/budget-above-tenant ${at}.key_budgets_monthly_usd.abcd1234`,
    ]);
  });

  test("a tenant's limit above the deployment's is refused", () => {
    const raw = changed({
      "front_door.limits": { per_tenant: { requests_per_minute: 100 } },
      [`${tenant}.limits`]: { requests_per_minute: 101, concurrent_requests: 1_000 },
      "multi_tenant.tenants.2.limits": { requests_per_minute: 100 },
    });
    expect(refusals(raw)).toEqual([`settings/limit-above-deployment ${at}.limits.requests_per_minute`]);
  });

  test("a limit of which a front door's share is nothing is refused", () => {
    const raw = changed({
      "front_door.replicas": 3,
      "front_door.limits": { per_key: { concurrent_requests: 2 }, per_tenant: { requests_per_minute: 600 } },
      [`${tenant}.limits`]: { requests_per_minute: 2, concurrent_requests: 3 },
    });
    expect(refusals(raw)).toEqual([
      "settings/limit-below-replicas front_door.limits.per_key.concurrent_requests",
      `settings/limit-below-replicas ${at}.limits.requests_per_minute`,
    ]);
  });

  test("a tenant's data is no more sensitive than the deployment's", () => {
    expect(refusals(localWith(`${tenant}.data_class`, "confidential"))).toEqual([
      `settings/contradiction ${at}.data_class`,
    ]);
    expect(parseSettings(localWith(`${tenant}.data_class`, "public")).corrections).toEqual([]);
  });
});

describe("a rule that sends requests to the internal model", () => {
  const route = (list: "rules" | "detectors") => `enterprise.data_loss_prevention.${list}.0.action`;

  test.each(["rules", "detectors"] as const)("is refused for each tenant that has none (%s)", (list) => {
    const inside = { provider: "openai", model: "gpt-5.2" };
    const raw = changed({ [route(list)]: "route", [`${tenant}.llm_config.internal`]: inside });
    expect(refusals(raw)).toEqual([
      "settings/no-internal-model multi_tenant.tenants[1].llm_config.internal",
      "settings/no-internal-model multi_tenant.tenants[2].llm_config.internal",
    ]);
  });

  test("is not asked about where screening is switched off", () => {
    const raw = changed({ [route("rules")]: "route", "enterprise.data_loss_prevention.enabled": false });
    expect(parseSettings(raw).corrections).toEqual([]);
  });

  test("refuses an internal model that is outside", () => {
    const raw = changed({
      "model_providers.us": { kind: "openai", api_key: placeholder("KEY") },
      [`${tenant}.llm_config.internal`]: { provider: "us", model: "gpt-5.2" },
    });
    expect(refusals(raw)).toEqual([`settings/not-internal ${at}.llm_config.internal.provider`]);
  });
});

describe("a model without a price", () => {
  const outside = { "model_providers.us": { kind: "openai", api_key: placeholder("KEY") } };
  const unknown = { [`${tenant}.llm_config.fallbacks`]: [{ provider: "us", model: "gpt-99" }] };
  const refusal = `settings/unpriced-model ${at}.llm_config.fallbacks[0].model`;

  test("is refused wherever it stands", () => {
    expect(refusals(changed({ ...outside, ...unknown }))).toEqual([refusal]);
  });

  test("is accepted when it is allowed, or when the company's contract has a price that holds today", () => {
    expect(
      parseSettings(changed({ ...outside, ...unknown, [`${tenant}.llm_config.allow_unpriced`]: true })),
    ).toBeDefined();
    const price = { kind: "openai", model: "gpt-99", input_usd: 1.25, output_usd: 10, source: "contract" };
    const priced = changed({ ...outside, ...unknown, "model_router.prices": [{ ...price, from: "2026-11-01" }] });
    expect(parseSettings(priced, new Date("2026-11-01T00:00:00Z"))).toBeDefined();
    expect(() => parseSettings(priced, new Date("2026-10-31T23:59:59Z"))).toThrow("settings/unpriced-model");
  });
});
