import fc from "fast-check";
import { expect, test } from "vitest";
import { ProblemError } from "../../../../runtime/problems/index.ts";
import { Screen } from "../../../../runtime/screening/index.ts";
import { everything } from "./all-rules.ts";

const compile = (pattern: string): Screen => Screen.compile({ rules: [{ name: "own", action: "redact", pattern }] });

function codeOf(pattern: string): string {
  try {
    compile(pattern);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0].code;
    throw error;
  }
  return "taken";
}

test("a pattern that only backtracking can run, that finds nothing, or that is none, is refused", () => {
  expect(["(a)\\1", "(?=a)b", "(?<!a)b"].map(codeOf)).toEqual(Array(3).fill("screening/slow-pattern"));
  expect(["a*", "", "(x|)"].map(codeOf).every((code) => code !== "taken")).toBe(true);
  expect(codeOf("(")).toBe("screening/bad-pattern");
});

test.each(["^(\\d+)+$", "(a+)+b", "(x|xx)+y", "(.*)(.*)(.*)z"])(
  "%s cannot make screening slow: 200,000 characters take less than a second",
  (pattern) => {
    let screen: Screen;
    try {
      screen = compile(pattern);
    } catch (error) {
      // Refusing it is as good.
      expect(error).toBeInstanceOf(ProblemError);
      return;
    }
    const began = performance.now();
    for (const text of ["1".repeat(200_000), "a".repeat(200_000), "x".repeat(200_000)]) screen.text(`${text}!`);
    expect(performance.now() - began).toBeLessThan(3000);
  },
);

test("no text makes screening throw, and a second look at what it redacted finds nothing more to take out of it", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(..."0123456789- .\\u{}&#x%40+()"), maxLength: 300 }),
    fc.base64String({ maxLength: 200 }),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const verdict = everything.text(text);
      if (verdict.action === "pass") expect(verdict.text).toBe(text);
      else expect(verdict.hits.length).toBeGreaterThan(0);
    }),
    { numRuns: 2000 },
  );
});
