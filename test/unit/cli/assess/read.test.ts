import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "@breakwater/runtime/problems";
import { expect, test } from "vitest";
import { checkAnswers, readAnswersFile } from "../../../../cli/assess/read.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { company } from "./company.ts";

const fixtures = join(projectRoot, "test", "fixtures", "assess");

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

test("every shipped file of answers is read", () => {
  for (const file of readdirSync(fixtures)) expect(readAnswersFile(join(fixtures, file)).place.name).not.toBe("");
});

test("everything that is wrong with a file is said at once", () => {
  const answers = company();
  const { data_may_leave: _, ...security } = answers.security;
  const raw = {
    ...answers,
    scale: { ...answers.scale, people: 0 },
    security: { ...security, models: "foreign", standards: ["iso9001"] },
    extras: {},
  };
  expect(problemsOf(() => checkAnswers(raw)).toSorted()).toEqual([
    "assess/invalid scale.people",
    "assess/invalid security.models",
    "assess/invalid security.standards.0",
    "assess/missing security.data_may_leave",
    "assess/unknown-key extras",
  ]);
});

test("an empty file lacks every section that has no default", () => {
  expect(problemsOf(() => checkAnswers(null))).toEqual([
    "assess/missing place",
    "assess/missing scale",
    "assess/missing security",
  ]);
});

test("a department or standard named twice is refused", () => {
  const raw = company({ scale: { departments: ["a", "a"] }, security: { standards: ["gdpr", "gdpr"] } });
  expect(problemsOf(() => checkAnswers(raw))).toEqual([
    "assess/repeated scale.departments",
    "assess/repeated security.standards",
  ]);
});

test("a file that is not there is named", () => {
  expect(problemsOf(() => readAnswersFile("/nowhere/answers.yaml"))).toEqual([
    "assess/unreadable /nowhere/answers.yaml",
  ]);
});
