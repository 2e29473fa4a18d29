import { readFileSync } from "node:fs";
import { type Problem, ProblemError, refuse } from "@breakwater/runtime/problems";
import { readSettingsText } from "@breakwater/runtime/settings";
import type { z } from "zod";
import { type Answers, answersSchema } from "./answers.ts";
import { assessProblem } from "./codes.ts";
import { contradictions } from "./contradictions.ts";

/**
 * Reads a file of answers, YAML or JSON.
 *
 * @throws ProblemError `assess/...` with every problem of the file, or `settings/...` where it is no YAML.
 */
export function readAnswersFile(file: string): Answers {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    return refuse(
      assessProblem("assess/unreadable", file, {
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        expected: "a file that can be read",
        remedy: "correct the name",
      }),
      { cause },
    );
  }
  return checkAnswers(readSettingsText(file, text).content);
}

/**
 * Checks answers of any origin: their shape first, all of it at once, then whether they go together.
 *
 * @throws ProblemError `assess/...`
 */
export function checkAnswers(raw: unknown): Answers {
  const parsed = answersSchema.safeParse(raw ?? {});
  if (!parsed.success) {
    const [first, ...rest] = parsed.error.issues.flatMap((issue) => problemsOf(issue, raw));
    if (first !== undefined) throw new ProblemError([first, ...rest]);
  }
  const answers = answersSchema.parse(raw);
  const [first, ...rest] = [...repetitions(answers), ...contradictions(answers)];
  if (first !== undefined) throw new ProblemError([first, ...rest]);
  return answers;
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown): readonly Problem[] {
  const path = issue.path.join(".") || "answers";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      assessProblem("assess/unknown-key", issue.path.length === 0 ? key : `${path}.${key}`, {
        got: "a question that is not asked",
        expected: "a key of docs/assess.md",
        remedy: "remove it, or correct its name",
      }),
    );
  }
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], raw);
  if (value === undefined) {
    return [
      assessProblem("assess/missing", path, {
        got: "no answer",
        expected: expectation(issue),
        remedy: "answer it: what decides about data and money is never assumed",
      }),
    ];
  }
  return [
    assessProblem("assess/invalid", path, {
      got: JSON.stringify(value),
      expected: expectation(issue),
      remedy: "choose one of these",
    }),
  ];
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  if (issue.code === "invalid_type") return `a ${issue.expected}`;
  return issue.message;
}

/** Two answers where one is meant: a department or a standard named twice. */
function repetitions({ scale, security, functions }: Answers): readonly Problem[] {
  const lists = {
    "scale.departments": scale.departments,
    "security.standards": security.standards,
    "functions.internal_systems": functions.internal_systems,
  };
  return Object.entries(lists).flatMap(([path, list]) => {
    const again = list.filter((item, index) => (list as readonly string[]).indexOf(item) !== index);
    if (again.length === 0) return [];
    return [
      assessProblem("assess/repeated", path, {
        got: `${again.join(", ")} twice`,
        expected: "each once",
        remedy: "remove the repetition",
      }),
    ];
  });
}
