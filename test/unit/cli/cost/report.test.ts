import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProblemError } from "@breakwater/runtime/problems";
import { afterAll, expect, test } from "vitest";
import { readAgainst } from "../../../../cli/cost/against-file.ts";
import { WIDTH } from "../../../../cli/cost/columns.ts";
import { renderCost } from "../../../../cli/cost/render.ts";
import { exitOf, reportOf } from "../../../../cli/cost/report.ts";
import { moneyOf } from "../../../../cost/currency.ts";
import { planned, settingsOf } from "../../cost/fixture.ts";

const environment = { name: "acme-aws", settings: settingsOf("acme-aws") };
const OPTIONS = { day: "2026-11-24", money: moneyOf("USD", []) };
const keys = ["a", "b"].map((name) => planned("aws:kms/key:Key", {}, { name }));
const address = planned("aws:ec2/eip:Eip", {}, { name: "address" });

const folder = mkdtempSync(join(tmpdir(), "breakwater-cost-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("everything priced is 0, something unpriced 3, over the budget 1 whatever else", () => {
  expect(exitOf(reportOf(environment, keys, OPTIONS))).toBe(0);
  expect(exitOf(reportOf(environment, [...keys, address], OPTIONS))).toBe(3);
  const tight = { ...OPTIONS, budgetMicroUsd: 1_000_000 };
  expect(exitOf(reportOf(environment, [...keys, address], tight))).toBe(1);
});

test("a budget holds up to and including the expected cost", () => {
  const expected = reportOf(environment, keys, OPTIONS).estimate.total.expected;
  expect(reportOf(environment, keys, { ...OPTIONS, budgetMicroUsd: expected }).budget?.verdict).toBe("within");
  expect(reportOf(environment, keys, { ...OPTIONS, budgetMicroUsd: expected - 1 }).budget?.verdict).toBe("over");
});

test("the report fits in 100 columns, in every currency and with a comparison", () => {
  const long = planned("aws:kms/key:Key", {}, { name: "a".repeat(200) });
  const against = { kind: "plan", resources: [planned("aws:kms/key:Key", {}, { name: "c" })] } as const;
  for (const money of [moneyOf("USD", []), moneyOf("KRW", ["1380"]), moneyOf("CNY", ["7.1"])]) {
    const text = renderCost(
      reportOf(environment, [...keys, long, address], { ...OPTIONS, money, against, budgetMicroUsd: 5 }),
    );
    expect(text.split("\n").filter((line) => line.length > WIDTH)).toEqual([]);
    expect(text).toContain("OVER the budget");
    expect(text).toContain("Unpriced, and not in the total:\n  - public IPv4 addresses");
  }
});

test("totals in another currency are the micro-USD at the rate", () => {
  const usd = reportOf(environment, keys, OPTIONS);
  const text = renderCost(reportOf(environment, keys, { ...OPTIONS, money: moneyOf("CNY", ["10"]) }));
  const cny = (usd.estimate.total.expected / 100_000).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  expect(text).toContain(`${cny} CNY a month`);
});

test("a plan of before is compared line by line", () => {
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify({ environment: "acme-aws", resources: keys.slice(0, 1) }));
  const { comparison } = reportOf(environment, keys, { ...OPTIONS, against: readAgainst(file) });
  expect(comparison?.added.map(({ resource }) => resource)).toEqual(["b"]);
  expect(comparison?.difference.expected).toBe(1_000_000);
});

test.each([
  ["nothing", undefined],
  ["text", "no JSON"],
  ["JSON of something else", '{"lines": []}'],
])("%s in place of a plan is refused by name", (what, text) => {
  const file = join(folder, `${what.replaceAll(" ", "-")}.json`);
  if (text !== undefined) writeFileSync(file, text);
  expect(() => readAgainst(file)).toThrow(ProblemError);
  expect(() => readAgainst(file)).toThrow("[cost/not-comparable]");
});
