import { describe, expect, test } from "vitest";
import { environmentNames } from "../../../cli/environment.ts";
import { estimateOf } from "../../../cost/estimate.ts";
import { coverageOf } from "../../../cost/metering.ts";
import { sumOf } from "../../../cost/money.ts";
import { type PlannedResource, recordPlan, sectionsOf } from "../../support/plan.ts";
import { settingsOf } from "./fixture.ts";

const OPTIONS = { day: "2026-11-24", rates: { CNY: 7_100_000 } };

/** The providers that an environment rents of have prices for at least this; the rest is named as unpriced. */
const MUST_HAVE: Readonly<Record<string, readonly string[]>> = {
  "acme-aws": [
    "compute",
    "kubernetes",
    "network",
    "security",
    "database",
    "storage",
    "observability",
    "registry",
    "tokens",
  ],
  "acme-aws-cn": ["compute", "storage", "tokens"],
  "acme-alibaba": ["compute", "kubernetes", "network", "storage", "observability", "tokens"],
  "acme-alibaba-b": ["compute", "kubernetes", "storage"],
  "acme-tencent": ["kubernetes", "database", "storage", "tokens"],
  "acme-dgx": ["gpu", "support", "power", "licence"],
  local: [],
};

describe.each(environmentNames())("%s", (name) => {
  let plan: Promise<readonly PlannedResource[]> | undefined;
  const planned = () => {
    plan ??= recordPlan(sectionsOf(name), { environment: name });
    return plan;
  };

  test("every type that it renders has a price, a reason why it is free, or a meter that says unpriced", {
    timeout: 120_000,
  }, async () => {
    const types = new Set((await planned()).flatMap(({ type, custom }) => (custom ? [type] : [])));
    expect([...types].filter((type) => coverageOf(type) === undefined)).toEqual([]);
  });

  test("its cost is the sum of its lines and of its tenants, to the micro-USD", { timeout: 120_000 }, async () => {
    const { lines, total, tenants, byCategory } = estimateOf(await planned(), settingsOf(name), OPTIONS);
    expect(sumOf(lines.map(({ microUsd }) => microUsd))).toEqual(total);
    expect(sumOf(tenants.map(({ totalMicroUsd }) => totalMicroUsd))).toEqual(total);
    expect(lines.every(({ microUsd }) => Number.isSafeInteger(microUsd.expected))).toBe(true);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    for (const category of MUST_HAVE[name] ?? [])
      expect(byCategory[category as keyof typeof byCategory]?.high, category).toBeGreaterThan(0);
  });

  test("nothing that a meter knows is unpriced because it could not be read", { timeout: 120_000 }, async () => {
    const { unpriced } = estimateOf(await planned(), settingsOf(name), OPTIONS);
    expect(unpriced.filter(({ reason }) => /known only after|not as expected|no meter knows/.test(reason))).toEqual([]);
  });
});
