import { parseSettings, type Settings } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";
import { budgetOf, budgetProblem } from "../../../cost/budget.ts";
import { estimateOf } from "../../../cost/estimate.ts";
import { sumOf } from "../../../cost/money.ts";
import { localWith, refusals } from "../runtime/settings/sample.ts";
import { planned, settingsOf } from "./fixture.ts";

const aws = settingsOf("acme-aws");
const keys = [planned("aws:kms/key:Key"), planned("aws:kms/key:Key")];
const address = planned("aws:ec2/eip:Eip");

/** The same environment with a budget. */
function budgeted(usd: number | undefined, more: Partial<Settings["cost"]> = {}): Settings {
  const { monthly_budget_usd: _, ...cost } = aws.cost;
  return { ...aws, cost: { ...cost, ...more, ...(usd === undefined ? {} : { monthly_budget_usd: usd }) } };
}

function budget(usd: number | undefined, resources = keys, more: Partial<Settings["cost"]> = {}) {
  const settings = budgeted(usd, more);
  return budgetOf(estimateOf(resources, settings, { day: "2026-11-24" }), settings);
}

const expected = sumOf(estimateOf(keys, aws, { day: "2026-11-24" }).lines.map(({ microUsd }) => microUsd)).expected;
const inUsd = expected / 1_000_000;

test("an environment without a budget has nothing to keep", () => {
  expect(budget(undefined)).toBeUndefined();
});

test("a plan that costs exactly the budget keeps it, and a micro-dollar more does not", () => {
  expect(budget(inUsd)?.verdict).toBe("within");
  expect(budget((expected - 1) / 1_000_000)?.verdict).toBe("over");
});

test("what has no price is not taken for nothing: the budget is not known to be kept", () => {
  const found = budget(inUsd, [...keys, address]);
  expect(found).toMatchObject({ verdict: "unknown", unpriced: 1 });
  expect(found && budgetProblem(found)).toMatchObject({
    code: "cost/budget",
    path: "cost.monthly_budget_usd",
    got: expect.stringContaining("1 line without a price"),
  });
});

test("an environment may say that it bears what has no price", () => {
  expect(budget(inUsd, [...keys, address], { allow_unpriced: true })?.verdict).toBe("within");
});

test("a plan that is too dear says by how much, whatever has no price", () => {
  const found = budget(inUsd - 1, [...keys, address], { allow_unpriced: true });
  expect(found && budgetProblem(found)?.got).toContain("1.00 USD too much");
});

test("a budget that is kept is no problem", () => {
  const found = budget(inUsd);
  expect(found && budgetProblem(found)).toBeUndefined();
});

test.each([
  ["a negative budget", "monthly_budget_usd", -1, "settings/negative-budget cost.monthly_budget_usd"],
  [
    "a budget of parts of a micro-dollar",
    "monthly_budget_usd",
    0.000_000_1,
    "settings/budget-too-precise cost.monthly_budget_usd",
  ],
  ["a rate of nothing", "rates", { CNY: 0 }, "settings/out-of-range cost.rates.CNY"],
  ["a rate of another currency", "rates", { EUR: 0.9 }, "settings/unknown-key cost.rates.EUR"],
  ["more hours than a month has", "gpu_hours", 731, "settings/out-of-range cost.gpu_hours"],
  ["requests of no tenant", "requests_monthly", { sales: 5 }, "settings/contradiction cost.requests_monthly.sales"],
])("%s is refused at its place", (_, key, value, refusal) => {
  expect(refusals(localWith(`cost.${key}`, value))).toEqual([refusal]);
});

test("an environment that says nothing of its cost has these", () => {
  expect(parseSettings(localWith("cost", {})).settings.cost).toEqual({
    allow_unpriced: false,
    rates: {},
    requests_monthly: {},
  });
});
