import { describe, expect, test } from "vitest";
import { dashboards } from "../../../../components/monitoring/dashboards/index.ts";
import {
  LARGEST_RESPONSE_BUCKET_SECONDS,
  MEASURED,
  MONTH_COST,
  OWN_METRICS,
  seriesNames,
} from "../../../../components/monitoring/measured.ts";
import { ruleGroups } from "../../../../components/monitoring/rules/index.ts";
import { MEASURES } from "../../../../components/monitoring/rules/measures.ts";
import { ERRORS as FRONT_DOOR_ERRORS } from "../../../../runtime/front-door/errors.ts";
import { ServiceMetrics } from "../../../../runtime/metrics/index.ts";
import { ERRORS as ROUTER_ERRORS } from "../../../../runtime/router/errors.ts";
import { full } from "./fixture.ts";

/** Everything of our own that both services can offer, as Prometheus reads it. */
async function offered(): Promise<string> {
  const made = new ServiceMetrics("front-door", { tenants: ["a"], providers: ["p"], models: ["m"], tools: ["exec"] });
  made.llmCost("a", "p", "m", 1);
  made.skillExecution("a", "exec", "deny");
  made.responseTime("a", "ok", 0.2);
  made.refused("audit/unavailable");
  made.screened("a", "card", "redact");
  made.exportLag({ name: "siem", records: 1 });
  return made.text();
}

const text = await offered();

function labelsOf(family: string): readonly string[] {
  const lines = text.split("\n").filter((line) => seriesNames(family).some((name) => line.startsWith(`${name}{`)));
  return [...new Set(lines.flatMap((line) => [...line.matchAll(/([a-z_]+)="/g)].map(([, label = ""]) => label)))];
}

/** Names in an expression that are no function, keyword, label or value. */
function namesIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\b(by|on|without|ignoring|group_left|group_right) *\([^)]*\)/g, "")
    .replace(/\[[^\]]*\]/g, "");
  return [...bare.matchAll(/(?<![\w:])[a-zA-Z_:][\w:]*(?![\w:]| *\()/g)]
    .map(([name]) => name)
    .filter((name) => !/^(and|or|unless|offset|m)$/.test(name));
}

const known = new Set(MEASURED.flatMap(seriesNames));
const panels = dashboards({ gpu: true }).flatMap(({ uid, panels, choice }) => [
  ...panels.flatMap(({ title, queries }) => queries.map(({ expr }) => ({ where: `${uid}: ${title}`, expr }))),
  ...(choice === undefined ? [] : [{ where: `${uid}: choice`, expr: choice.of }]),
]);
const rules = ruleGroups(full).flatMap((group) =>
  group.rules.map((rule) => ({ where: "alert" in rule ? rule.alert : rule.record, expr: rule.expr })),
);
const words = Object.entries(MEASURES).map(([word, { expr }]) => ({ where: word, expr }));
const expressions = [...panels, ...rules, ...words];

test("the list of our own metrics is what front door and model router offer", () => {
  const families = [...text.matchAll(/^# TYPE ((?:openclaw|breakwater)_\S+)/gm)].map(([, name]) => name);
  expect([...OWN_METRICS].sort()).toEqual(families.sort());
});

test("the largest bucket of the response time is the one that thresholds are held against", () => {
  const ends = [...text.matchAll(/openclaw_agent_response_time_seconds_bucket\{le="([0-9.]+)"/g)].map(([, le]) =>
    Number(le),
  );
  expect(Math.max(...ends)).toBe(LARGEST_RESPONSE_BUCKET_SECONDS);
});

test("an expression is understood down to the names of its metrics", () => {
  expect(namesIn('sum by (le) (rate(made_up_bucket{job="x"}[5m])) / on() other > 0')).toEqual([
    "made_up_bucket",
    "other",
  ]);
});

test.each(expressions)("$where reads metrics that exist", ({ expr }) => {
  const names = namesIn(expr);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  // All but the alert that always fires read something.
  if (expr !== "vector(1)") expect(names.length).toBeGreaterThan(0);
});

test.each(expressions)("$where asks our metrics for labels that they have", ({ expr }) => {
  for (const family of OWN_METRICS) {
    for (const name of seriesNames(family)) {
      const matchers = [...expr.matchAll(new RegExp(`${name}\\{([^}]*)\\}`, "g"))].flatMap(([, inner = ""]) =>
        [...inner.matchAll(/([a-z_]+)(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
      );
      const had = [...labelsOf(family), "job", "instance"];
      expect(matchers.filter((label) => !had.includes(label))).toEqual([]);
    }
  }
});

test("a refusal that an alert waits for is one that front door or model router gives", () => {
  const codes = expressions.flatMap(({ expr }) => [...expr.matchAll(/code="([^"]+)"/g)].map(([, code = ""]) => code));
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !(code in FRONT_DOOR_ERRORS) && !(code in ROUTER_ERRORS))).toEqual([]);
});

describe("what is recorded", () => {
  test("is recorded by a rule of the same environment", () => {
    const made = ruleGroups(full).flatMap(({ rules }) =>
      rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])),
    );
    expect(made).toEqual([MONTH_COST]);
  });

  test("is recorded again well before Prometheus takes it for gone, which is after 5 minutes", () => {
    for (const { rules, interval } of ruleGroups(full)) {
      if (!rules.some((rule) => "record" in rule)) continue;
      expect(Number(/^(\d+)m$/.exec(interval ?? "")?.[1])).toBeLessThanOrEqual(2);
    }
  });
});
