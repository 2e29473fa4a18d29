import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetGroup } from "../../../../components/monitoring/rules/budgets.ts";

const NOTIFY = ["finance@company.com"];

test("tenants with the same budget share a rule for each share of it, and the amount is the share's", () => {
  const { rules } = budgetGroup(
    [
      { tenant: "b", monthlyUsd: 200, alertPercents: [80, 100] },
      { tenant: "a", monthlyUsd: 200, alertPercents: [80] },
      { tenant: "c", monthlyUsd: 1000, alertPercents: [50] },
    ],
    NOTIFY,
  );
  expect(rules.map(({ expr }) => expr)).toEqual([
    'sum by (tenant) (breakwater:llm_cost_usd:month_to_date{tenant=~"c"}) >= 500',
    'sum by (tenant) (breakwater:llm_cost_usd:month_to_date{tenant=~"a|b"}) >= 160',
    'sum by (tenant) (breakwater:llm_cost_usd:month_to_date{tenant=~"b"}) >= 200',
  ]);
  expect(rules[1]).toMatchObject({ labels: { percent: "80", receiver: "finance@company.com" } });
});

test("a budget of 0 has no shares, because nothing of it can be used", () => {
  expect(budgetGroup([{ tenant: "a", monthlyUsd: 0, alertPercents: [50, 100] }], NOTIFY).rules).toEqual([]);
});

test("whatever the order of the tenants, the rules are the same and every tenant has each of its shares once", () => {
  const budget = fc.record({
    tenant: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/),
    monthlyUsd: fc.integer({ min: 1, max: 3 }),
    alertPercents: fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(budget, { selector: ({ tenant }) => tenant, maxLength: 6 }), (budgets) => {
      const group = budgetGroup(budgets, NOTIFY);
      expect(budgetGroup([...budgets].reverse(), NOTIFY)).toEqual(group);
      for (const { tenant, alertPercents } of budgets) {
        const shares = group.rules.filter(({ expr }) => /=~"([^"]*)"/.exec(expr)?.[1]?.split("|").includes(tenant));
        expect(shares).toHaveLength(alertPercents.length);
      }
    }),
  );
});
