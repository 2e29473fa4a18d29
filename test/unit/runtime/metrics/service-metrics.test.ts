import { expect, test } from "vitest";
import { ServiceMetrics } from "../../../../runtime/metrics/index.ts";

const metrics = () =>
  new ServiceMetrics("router", { tenants: ["a"], providers: ["p"], models: ["m"], tools: ["exec"] });

async function seriesOf(made: ServiceMetrics, name: string): Promise<string[]> {
  return (await made.text()).split("\n").filter((line) => line.startsWith(`${name}{`));
}

test("the source's names carry the tenant", async () => {
  const made = metrics();
  made.llmCost("a", "p", "m", 1_500_000);
  made.skillExecution("a", "exec", "deny");
  made.responseTime("a", "ok", 0.2);
  expect(await seriesOf(made, "openclaw_llm_api_cost_usd")).toEqual([
    'openclaw_llm_api_cost_usd{tenant="a",provider="p",model="m",service="router"} 1.5',
  ]);
  expect(await seriesOf(made, "openclaw_skill_execution_total")).toEqual([
    'openclaw_skill_execution_total{tenant="a",skill="exec",outcome="deny",service="router"} 1',
  ]);
  expect((await seriesOf(made, "openclaw_agent_response_time_seconds_count")).length).toBe(1);
});

test("how far an export is behind is a gauge, so that an alert can be set on it", async () => {
  const made = metrics();
  made.exportLag({ name: "siem", records: 7 });
  made.exportLag({ name: "siem", records: 0 });
  expect(await seriesOf(made, "breakwater_audit_export_lag_records")).toEqual([
    'breakwater_audit_export_lag_records{export="siem",service="router"} 0',
  ]);
});

test("no input makes a new series: ten thousand unknown names are one", async () => {
  const made = metrics();
  for (let n = 0; n < 10_000; n += 1) {
    made.responseTime(`tenant-${n}`, "ok", 0.1);
    made.llmCost(`tenant-${n}`, `provider-${n}`, `model-${n}`, 1);
    made.skillExecution("a", `tool-${n}`, "allow");
  }
  expect((await seriesOf(made, "openclaw_agent_response_time_seconds_count")).length).toBe(1);
  expect((await seriesOf(made, "openclaw_llm_api_cost_usd")).length).toBe(1);
  expect((await seriesOf(made, "openclaw_skill_execution_total")).length).toBe(1);
});

test("the cost of a model that was not asked yet is 0 and not absent, so that its first cost is counted", async () => {
  const made = metrics();
  made.costsNothingYet([{ tenant: "a", provider: "p", model: "m" }]);
  expect(await seriesOf(made, "openclaw_llm_api_cost_usd")).toEqual([
    'openclaw_llm_api_cost_usd{tenant="a",provider="p",model="m",service="router"} 0',
  ]);
});
