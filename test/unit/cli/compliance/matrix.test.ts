import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coverage, coverageBlock, withCoverage } from "../../../../cli/compliance/matrix.ts";
import { CATALOGUE } from "../../../../policies/catalogue.ts";
import { projectRoot } from "../../../../tools/paths.ts";

test("the rules of each framework add up by who can decide them", () => {
  for (const { rules, plan, declared, running, person, written } of coverage()) {
    expect(plan + declared + running + person).toBe(rules);
    expect(written).toBeLessThanOrEqual(plan);
  }
});

test("the last row is the whole catalogue", () => {
  expect(coverage(new Set(["NET-001", "LLM-001"])).at(-1)).toMatchObject({ rules: CATALOGUE.length, written: 1 });
});

test("a page keeps everything around its matrix, and one without stays as it is", () => {
  const page = `before\n${coverageBlock([])}\nafter`;
  expect(withCoverage(page)).toBe(`before\n${coverageBlock()}\nafter`);
  expect(withCoverage("plain")).toBe("plain");
});

test("docs/compliance.md has today's matrix", () => {
  const page = readFileSync(join(projectRoot, "docs", "compliance.md"), "utf8");
  expect(page.includes(coverageBlock()), "out of date: run npm run docs").toBe(true);
});
