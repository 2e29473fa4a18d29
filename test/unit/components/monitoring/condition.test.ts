import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCondition } from "../../../../components/monitoring/rules/condition.ts";
import { MEASURES } from "../../../../components/monitoring/rules/measures.ts";

const PATH = "monitoring.alerting.rules[0].condition";

function exprOf(text: string): string {
  const parsed = parseCondition(text, PATH);
  if (!("expr" in parsed)) throw new Error(parsed.map(({ code }) => code).join());
  return parsed.expr;
}

function codesOf(text: string): readonly string[] {
  const parsed = parseCondition(text, PATH);
  return "expr" in parsed ? [] : parsed.map(({ code }) => code);
}

test("a percentage is compared with a share, a time with seconds, money with USD", () => {
  expect(exprOf("error_rate > 5%")).toBe(
    '(sum(rate(openclaw_agent_response_time_seconds_count{service="front-door",outcome="error"}[5m])) or vector(0))' +
      ' / (sum(rate(openclaw_agent_response_time_seconds_count{service="front-door"}[5m])) > 0) > 0.05',
  );
  expect(exprOf("p99_response_time > 10s")).toBe(
    'histogram_quantile(0.99, sum by (le) (rate(openclaw_agent_response_time_seconds_bucket{service="front-door"}[5m]))) > 10',
  );
  expect(exprOf("p99_response_time>=1500ms")).toMatch(/ >= 1\.5$/);
  expect(exprOf("monthly_llm_cost > $800")).toBe("sum(breakwater:llm_cost_usd:month_to_date) > 800");
});

test("no digit of a threshold is lost", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999 }), (hundredths) => {
      const percent = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
      expect(Number(/ > (\S+)$/.exec(exprOf(`error_rate > ${percent}%`))?.[1])).toBe(Number(`${percent}e-2`));
    }),
  );
});

test("a word that nothing measures is refused with all that is measured", () => {
  expect(parseCondition("cpu_usage > 80%", PATH)).toEqual([
    {
      code: "monitoring/unknown-metric",
      path: PATH,
      got: '"cpu_usage"',
      expected: `one of ${Object.keys(MEASURES).join(", ")}`,
      remedy: "name one that is measured",
    },
  ]);
});

test.each(["constructor > 1", "__proto__ > 1"])("%s is no metric", (text) => {
  expect(codesOf(text)).toEqual(["monitoring/unknown-metric"]);
});

test.each([
  "error_rate > 5",
  "error_rate > 5s",
  "p99_response_time > 10",
  "p99_response_time > $10",
  "monthly_llm_cost > 800",
  "monthly_llm_cost > 5%",
  "audit_export_lag > 5%",
  "monthly_llm_cost > $5%",
])("%s has a unit that does not fit", (text) => {
  expect(codesOf(text)).toEqual(["monitoring/wrong-unit"]);
});

test.each(["error_rate > 100%", "error_rate >= 101%", "p99_response_time > 300s", "p99_response_time > 400000ms"])(
  "%s could never fire and is refused",
  (text) => {
    expect(codesOf(text)).toEqual(["monitoring/unreachable-threshold"]);
  },
);

test.each(["error_rate >= 100%", "p99_response_time >= 300s", "error_rate < 200%", "p99_response_time > 299s"])(
  "%s can be met",
  (text) => {
    expect(codesOf(text)).toEqual([]);
  },
);

test.each(["", "error_rate", "error_rate > ", "error_rate > 5% or vector(1)", "error_rate => 5%"])(
  "%j is no condition",
  (text) => {
    expect(codesOf(text)).toEqual(["monitoring/malformed-condition"]);
  },
);
