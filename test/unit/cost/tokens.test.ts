import { expect, test } from "vitest";
import { modelPriceOf } from "../../../cost/model-price.ts";
import { requestMicroUsd, requestsByTenant, type Tenant, tokenCostOf } from "../../../cost/tokens.ts";
import { settingsOf } from "./fixture.ts";

const DAY = "2026-11-24";
const aws = settingsOf("acme-aws");

function tenantOf(settings: typeof aws, id: string): Tenant {
  const found = settings.multi_tenant.tenants.find((tenant) => tenant.id === id);
  if (found === undefined) throw new Error(`no tenant ${id}`);
  return found;
}

test("a request of the assumed size costs what the router would count: 8,000 tokens in at 1.75, 500 out at 14", () => {
  expect(requestMicroUsd({ provider: "openai", model: "gpt-5.2" }, aws, DAY)).toBe(21_000);
});

test("660 requests of one person to claude-sonnet-4-6 come to the 20 USD of the source's table", () => {
  expect((requestMicroUsd({ provider: "anthropic", model: "claude-sonnet-4-6" }, aws, DAY) ?? 0) * 660).toBe(
    20_790_000,
  );
});

test("a tenant costs by its requests, and at most its budget", () => {
  const cost = tokenCostOf(tenantOf(aws, "marketing"), { low: 100, expected: 1000, high: 9000 }, aws, DAY);
  expect(cost).toMatchObject({ kind: "priced", microUsd: { low: 2_100_000, expected: 21_000_000, high: 500_000_000 } });
});

test("use beyond the budget costs the budget, because the router refuses the rest", () => {
  const cost = tokenCostOf(tenantOf(aws, "marketing"), { low: 10, expected: 1_000_000, high: 1_000_000 }, aws, DAY);
  expect(cost).toMatchObject({ kind: "priced", microUsd: { expected: 500_000_000, high: 500_000_000 } });
});

test("with a cheap model first, half of the requests are taken to cost its price", () => {
  // Half at 31,500 (sonnet), half at 10,500 (haiku).
  const cost = tokenCostOf(tenantOf(aws, "engineering"), { low: 1000, expected: 1000, high: 1000 }, aws, DAY);
  expect(cost).toMatchObject({ kind: "priced", microUsd: { low: 10_500_000, expected: 21_000_000 } });
});

test("models on the company's own machines cost no tokens beside the machines, whatever the settings' price for budgets", () => {
  const dgx = settingsOf("acme-dgx");
  for (const tenant of dgx.multi_tenant.tenants) {
    expect(tokenCostOf(tenant, { low: 1, expected: 1, high: 1 }, dgx, DAY).kind).toBe("free");
  }
});

test("a model without a price makes the tenant unpriced, and not free", () => {
  const marketing = tenantOf(aws, "marketing");
  const unknown = { ...marketing, llm_config: { ...marketing.llm_config, model: "gpt-99" } };
  expect(tokenCostOf(unknown, { low: 1, expected: 1, high: 1 }, aws, DAY)).toEqual({
    kind: "unpriced",
    what: "model tokens: gpt-99",
    reason: "no price of gpt-99 at api.openai.com: state that of your contract",
  });
  expect(modelPriceOf({ provider: "nobody", model: "x" }, aws, DAY).kind).toBe("unknown");
});

test("all requests of all people are somebody's", () => {
  const requests = requestsByTenant(aws, 50);
  expect(requests.map(({ expected }) => expected)).toEqual([11_000, 11_000, 11_000]);
  expect(requests.reduce((sum, { low }) => sum + low, 0)).toBe(50 * 220);
});
