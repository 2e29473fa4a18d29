import { expect, test } from "vitest";
import { llm005 } from "../../../../policies/rules/llm-005.ts";
import { FACTS, judged, planned, problems } from "../../../support/judge.ts";

const rules = [llm005];
const budget = { monthly_micro_usd: 100_000_000, alert_percents: [50, 100] };
const router = (tenants: unknown) =>
  planned("kubernetes:core/v1:ConfigMap", {
    metadata: { name: "router-settings", namespace: "breakwater" },
    data: { "settings.json": JSON.stringify({ tenants }) },
  });
const judge = (tenants: unknown, facts = {}) => problems("LLM-005", [router(tenants)], { rules, facts });
const withTenant = (change: object) => ({ tenants: FACTS.tenants.map((tenant) => ({ ...tenant, ...change })) });

test("a cap in the router's own file, and a warning before it, pass", () => {
  expect(judged("LLM-005", [router([{ id: "a", budget }])], { rules }).outcome).toBe("passed");
});

test("no cap, another cap and a warning that comes with it are refused", () => {
  expect(judge([])).toEqual(["the router has no cap for tenant a"]);
  expect(judge([{ id: "a", budget: { ...budget, monthly_micro_usd: 100_000_001 } }])).toEqual([
    "the router's cap of a is 100000001, not 100000000 micro-USD",
  ]);
  expect(judge([{ id: "a", budget: { ...budget, alert_percents: [100] } }])).toEqual([
    "the router warns a at no share below 100%",
  ]);
  expect(judge([{ id: "a", budget }], withTenant({ alertPercents: [100] }))).toEqual([
    "tenant a is warned at no share below 100%",
  ]);
});

test("a file that only an update knows leaves the rule undecided", () => {
  const unknown = { ...router([]), inputs: { ...router([]).inputs, data: { __pulumiUnknown: true } } };
  expect(judged("LLM-005", [unknown], { rules }).outcome).toBe("unknown");
});
