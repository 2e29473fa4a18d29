import { effectiveSkills, skillNames } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";

test("a star is the whole catalogue", () => {
  expect(effectiveSkills({ allowed_skills: ["*"], blocked_skills: [] })).toEqual(skillNames);
});

test("what is blocked is taken away, from a star too", () => {
  const skills = effectiveSkills({ allowed_skills: ["*"], blocked_skills: ["code-runner"] });
  expect(skills).toEqual(skillNames.filter((name) => name !== "code-runner"));
});

test("an empty list is no skill", () => {
  expect(effectiveSkills({ allowed_skills: [], blocked_skills: [] })).toEqual([]);
});
