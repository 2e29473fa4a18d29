import fc from "fast-check";
import { expect, test } from "vitest";
import { type Standing, VERDICTS, verdictOf } from "../../../../cli/compliance/verdict.ts";

const STANDINGS = [
  "passed",
  "violated",
  "excepted",
  "unknown",
  "declared",
  "running",
  "procedure",
  "not written",
  "does not apply",
] as const satisfies readonly Standing[];
const standings = fc.array(fc.constantFrom(...STANDINGS), { maxLength: 6 });

test.each<[string, readonly Standing[], string]>([
  ["all passed", ["passed", "passed"], "met"],
  ["passed, and one that does not apply", ["passed", "does not apply"], "met"],
  ["passed, and one only declared", ["passed", "declared"], "met in plan"],
  ["passed, and one for the running system", ["passed", "running"], "met in plan"],
  ["passed, and one that is not written", ["passed", "not written"], "undecided"],
  ["passed, and one known only after an update", ["passed", "unknown"], "undecided"],
  ["declared, and one that is not written", ["declared", "not written"], "undecided"],
  ["one violated among others", ["passed", "excepted", "violated"], "violated"],
  ["one excepted among passed", ["passed", "excepted"], "excepted"],
  ["only declared", ["declared", "declared"], "declared"],
  ["declared and procedure", ["declared", "procedure"], "procedure"],
  ["only not written", ["not written"], "not covered"],
  ["no rule", [], "not covered"],
  ["none that applies", ["does not apply"], "does not apply"],
])("%s", (_, given, expected) => {
  expect(verdictOf(given)).toBe(expected);
});

test("nothing but passed rules makes a control met", () => {
  fc.assert(
    fc.property(standings, (given) => {
      const met = verdictOf(given) === "met";
      const live = given.filter((standing) => standing !== "does not apply");
      expect(met).toBe(live.length > 0 && live.every((standing) => standing === "passed"));
    }),
  );
});

test("one more rule never makes a control that is not met into one that is, unless it passed", () => {
  fc.assert(
    fc.property(standings, fc.constantFrom(...STANDINGS), (given, more) => {
      const verdict = verdictOf([...given, more]);
      if (verdict === "met" && verdictOf(given) !== "met") expect(more).toBe("passed");
      expect(VERDICTS).toContain(verdict);
    }),
  );
});
