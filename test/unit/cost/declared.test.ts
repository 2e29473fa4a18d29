import type { Settings } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";
import { moneyOf, usd } from "../../../cost/currency.ts";
import { estimateOf } from "../../../cost/estimate.ts";
import { bookOf, planned, settingsOf } from "./fixture.ts";

const DAY = "2026-11-24";
const aws = settingsOf("acme-aws");

function declaring(cost: Partial<Settings["cost"]>): Settings {
  return { ...aws, cost: { ...aws.cost, ...cost } };
}

function tokens(cost: Partial<Settings["cost"]>) {
  const { lines } = estimateOf([], declaring(cost), { day: DAY });
  return new Map(lines.map((line) => [line.tenant, line]));
}

test("tokens of a tenant follow from the requests that are declared of it, and the others from the people", () => {
  const [before, after] = [tokens({}), tokens({ requests_monthly: { marketing: 100 } })];
  const hundred = after.get("marketing")?.microUsd;
  expect(hundred?.low).toBe(hundred?.expected);
  expect(tokens({ requests_monthly: { marketing: 200 } }).get("marketing")?.microUsd.expected).toBe(
    2 * (hundred?.expected ?? 0),
  );
  expect(after.get("engineering")).toEqual(before.get("engineering"));
});

test("what is declared is not printed as assumed", () => {
  const after = tokens({ requests_monthly: { marketing: 100 } });
  expect(after.get("marketing")?.assumptions).not.toContain("modelRequests");
  expect(after.get("engineering")?.assumptions).toContain("modelRequests");
});

test("a tenant that is declared to ask nothing costs nothing but what its budget allows at most", () => {
  expect(tokens({ requests_monthly: { marketing: 0 } }).get("marketing")?.microUsd).toEqual({
    low: 0,
    expected: 0,
    high: 500_000_000,
  });
});

test("a rate of the settings prices what is priced in that currency, and a rate of the command line wins", () => {
  const book = bookOf([["aws", "ap-northeast-2", "route53.zone", "dns", "zone-month", 7, "CNY", "low", "2026-07-20"]]);
  const zone = [planned("aws:route53/zone:Zone", { name: "a.example" })];
  const of = (settings: Settings, rates = {}) =>
    estimateOf(zone, settings, { day: DAY, book, rates }).lines.find(({ category }) => category !== "tokens")?.microUsd
      .expected;
  expect(of(aws)).toBeUndefined();
  expect(of(declaring({ rates: { CNY: 7 } }))).toBe(1_000_000);
  expect(of(declaring({ rates: { CNY: 7 } }), { CNY: 14_000_000 })).toBe(500_000);
});

test("another currency is shown at the rate of the settings", () => {
  expect(moneyOf("KRW", [], usd(declaring({ rates: { KRW: 1400 } })).rates).rates).toEqual({ KRW: 1_400_000_000 });
  expect(() => moneyOf("KRW", [], {})).toThrow("[cost/missing-rate]");
});
