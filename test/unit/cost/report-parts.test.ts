import { ProblemError } from "@breakwater/runtime/problems";
import { expect, test } from "vitest";
import { compare } from "../../../cost/compare.ts";
import { moneyOf, shownMicro } from "../../../cost/currency.ts";
import { estimateOf } from "../../../cost/estimate.ts";
import { savingsOf } from "../../../cost/savings.ts";
import { sourceColumn, sourceTable } from "../../../cost/source-table.ts";
import { formatMoney } from "../../../cost/text.ts";
import { daysBetween } from "../../../cost/warnings.ts";
import { bookOf, planned, settingsOf } from "./fixture.ts";

const DAY = "2026-11-24";
const settings = settingsOf("acme-aws");
const book = bookOf([
  ["aws", "ap-northeast-2", "m7i.xlarge", "compute", "hour", 1, "USD", "high", DAY],
  ["aws", "ap-northeast-2", "kms.cmk", "security", "key-month", 1, "USD", "high", DAY],
  ["onprem-dgx", "any", "dgx-h100.sale-price-estimate", "onprem", "system", 270_000, "USD", "medium", null],
  ["onprem-dgx", "any", "dgx-h100.support.hourly", "onprem", "system-hour", 1, "USD", "medium", null],
  ["onprem-dgx", "any", "dgx-h100.power.hourly", "onprem", "system-hour", 1, "USD", "low", null],
]);

const pool = (min: number) =>
  planned(
    "aws:eks/nodeGroup:NodeGroup",
    {
      instanceTypes: ["m7i.xlarge"],
      labels: { "breakwater.dev/pool": "sandbox" },
      scalingConfig: { minSize: min, maxSize: 4 },
    },
    { name: "sandbox" },
  );
const key = (name: string) => planned("aws:kms/key:Key", {}, { name });

const estimate = (resources: Parameters<typeof estimateOf>[0], people = 50) =>
  estimateOf(resources, settings, { day: DAY, book, people });

test("a comparison names what came, went and changed, and these are the whole difference", () => {
  const before = estimate([pool(1), key("old"), key("same")]);
  const after = estimate([pool(2), key("new"), key("same"), planned("aws:ec2/eip:Eip", {}, { name: "address" })]);
  const { added, removed, changed, difference, unpricedAdded } = compare(before, after);
  expect(added.map(({ resource }) => resource)).toEqual(["new"]);
  expect(removed.map(({ resource }) => resource)).toEqual(["old"]);
  expect(changed.map((line) => [line.resource, line.difference.expected])).toEqual([["sandbox", 730_000_000]]);
  expect(unpricedAdded.map(({ resource }) => resource)).toEqual(["address"]);
  const parts = [...added.map((line) => line.microUsd.expected), ...removed.map((line) => -line.microUsd.expected)];
  expect(difference.expected).toBe(parts.reduce((sum, part) => sum + part, 730_000_000));
});

test("the same plan under another environment's name does not differ", () => {
  const one = estimate([key("same")]);
  const other = estimate([{ ...key("same"), urn: key("same").urn.replace(":test:", ":other:") }]);
  expect(compare(one, other)).toMatchObject({
    added: [],
    removed: [],
    changed: [],
    difference: { low: 0, expected: 0, high: 0 },
  });
});

test("the source's table stands beside ours, its rows add up to ours, and each says why it differs", () => {
  const rows = sourceTable(estimate([pool(2), key("a")]));
  expect(rows.map(({ item, sourceMicroUsd }) => [item, sourceMicroUsd])).toEqual([
    ["servers", 300_000_000],
    ["model API", 1_000_000_000],
    ["voice (Vapi)", 200_000_000],
    ["monitoring", 100_000_000],
    ["NemoClaw licence", null],
    ["total", 1_600_000_000],
  ]);
  const [total, ...others] = [...rows].reverse();
  expect(others.reduce((sum, { ours }) => sum + ours.expected, 0)).toBe(total?.ours.expected);
  expect(rows.every(({ why }) => why.length > 20)).toBe(true);
  expect(rows[0]?.why).toContain("compute 1,460.00 USD");
});

test("each number of people has the nearest of the source's columns", () => {
  expect([1, 5, 15, 16, 50, 158, 159, 5000].map(sourceColumn)).toEqual([5, 5, 5, 50, 50, 50, 500, 500]);
});

test("savings are the arithmetic that they print", () => {
  const found = savingsOf(estimate([pool(2)]), settings, { book });
  const by = (id: string) => found.filter((saving) => saving.id === id).map(({ savesMicroUsd }) => savesMicroUsd);
  // Two nodes at 1 USD an hour are 1,460 USD: 60 % of it, and 466 of 730 hours of it.
  expect(by("spot")).toEqual([876_000_000]);
  expect(by("schedule")).toEqual([932_000_000]);
  // Marketing: half of 11,000 requests at 21,000 and half at 3,000 (gpt-5-mini) instead of all at 21,000.
  expect(by("cheap-first")).toContain(99_000_000);
  // A tenth of the tokens of the two tenants without a cache.
  expect(by("cache")).toEqual([46_200_000]);
  expect(found.map(({ savesMicroUsd }) => savesMicroUsd)).toEqual(
    [...found.map(({ savesMicroUsd }) => savesMicroUsd)].sort((a, b) => b - a),
  );
});

test("a machine of one's own has paid for itself in the month that price and running costs give, or never", () => {
  const month = (people: number) =>
    savingsOf(estimate([], people), settings, { book }).find(({ id }) => id === "on-premise");
  // 577.50 USD of tokens for 50 people are less than 730 + 438 USD of support and power.
  expect(month(50)?.paidInMonth).toBeUndefined();
  expect(month(50)?.says).toContain("does not pay for itself");
  // Tenants' budgets hold 5,000 people to 500 + 2,000 + 300 USD: 270,000 / (2,800 - 1,168) = 165.4.
  expect(month(5000)?.paidInMonth).toBe(166);
});

test("what is on already is not offered again", () => {
  const ids = savingsOf(estimate([]), settings, { book }).filter(({ id }) => id === "cheap-first");
  expect(ids.some(({ says }) => says.startsWith("engineering"))).toBe(false);
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0].code;
    throw error;
  }
}

test.each([
  ["EUR", [], "cost/unknown-currency"],
  ["CNY", [], "cost/missing-rate"],
  ["KRW", ["CNY=7.1"], "cost/missing-rate"],
  ["CNY", ["0"], "cost/invalid-rate"],
  ["CNY", ["-7"], "cost/invalid-rate"],
  ["CNY", ["7.1234567"], "cost/invalid-rate"],
  ["USD", ["USD=1"], "cost/invalid-rate"],
  ["USD", ["GBP=1"], "cost/unknown-currency"],
] as const)("currency %s with rates %j is refused as %s", (currency, rates, code) => {
  expect(codeOf(() => moneyOf(currency, rates))).toBe(code);
});

test("a rate without a name is that of the currency shown, and of CNY where that is USD", () => {
  expect(moneyOf("KRW", ["1380", "CNY=7.1"])).toEqual({
    currency: "KRW",
    rates: { KRW: 1_380_000_000, CNY: 7_100_000 },
  });
  expect(moneyOf("usd", ["7.1"])).toEqual({ currency: "USD", rates: { CNY: 7_100_000 } });
  expect(shownMicro(1_000_000, moneyOf("KRW", ["1380"]))).toBe(1_380_000_000);
});

test("amounts are read at a glance", () => {
  expect(formatMoney(1_234_567_890, "USD")).toBe("1,234.57 USD");
  expect(formatMoney(-5_000, "USD")).toBe("-0.01 USD");
  expect(formatMoney(1_380_400_000, "KRW")).toBe("1,380 KRW");
});

test("days are counted across years", () => {
  expect(daysBetween("2025-12-31", "2026-01-01")).toBe(1);
});
