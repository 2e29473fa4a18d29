import type { z } from "zod";
import type { Problem } from "../problems/index.ts";
import type { SettingsCode } from "./codes.ts";
import { settingsProblem } from "./problem.ts";
import { nearest, show } from "./show.ts";
import { discriminatorValues, factsAt, formatPath, knownKeys, valueAt } from "./walk.ts";

type Issue = z.core.$ZodIssue;

/** Turns what the schema objects to into sentences for the author of the settings. */
export function explain(issues: readonly Issue[], root: z.ZodType, data: unknown): readonly Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return unknownKeys(issue, root, data);
    const facts = factsAt(root, issue.path, data);
    const value = valueAt(data, issue.path);
    if (facts?.secret === true && value !== undefined) return [badSecret(issue, value)];
    if (value === undefined) return [missing(issue, root, data)];
    const refusal = facts?.refusals?.[issue.code];
    const hidden = refusal?.code === "settings/plain-secret";
    const path = formatPath(issue.path);
    const got = hidden ? "an address that contains credentials (not shown)" : show(value);
    if (refusal !== undefined) {
      return [
        settingsProblem(refusal.code, path, {
          got,
          expected: refusal.expected,
          remedy: withHint(refusal.remedy, issue, value),
        }),
      ];
    }
    const { code, expected, remedy } = general(issue, root, data);
    return [settingsProblem(code, path, { got, expected, remedy: withHint(remedy, issue, value) })];
  });
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, root: z.ZodType, data: unknown): Problem[] {
  const known = knownKeys(root, issue.path, data);
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    return settingsProblem("settings/unknown-key", formatPath([...issue.path, key]), {
      got: "a key that has no meaning here",
      expected: known.length === 0 ? "no key" : `one of ${known.join(", ")}`,
      remedy: near === undefined ? "remove it" : `rename it to "${near}" or remove it`,
    });
  });
}

function badSecret(issue: Issue, value: unknown): Problem {
  const path = formatPath(issue.path);
  const expected = 'a reference such as "${PROVIDER_KEY}": capital letters, digits and _';
  if (typeof value !== "string") {
    return settingsProblem("settings/wrong-type", path, {
      got: typeof value === "object" ? "an object (not shown)" : `a ${typeof value} (not shown)`,
      expected,
      remedy: "name the secret and keep its value in a secret file",
    });
  }
  const malformed = value.startsWith("${");
  return settingsProblem(malformed ? "settings/malformed-placeholder" : "settings/plain-secret", path, {
    got: malformed ? "a placeholder that is not well formed" : "a literal value (not shown)",
    expected,
    remedy: malformed
      ? "correct the name between the braces"
      : "move the value into a secret file, refer to it by name, and replace the secret if this file was shared",
  });
}

function missing(issue: Issue, root: z.ZodType, data: unknown): Problem {
  const section = issue.path.length === 1;
  return settingsProblem(section ? "settings/missing-section" : "settings/missing", formatPath(issue.path), {
    got: "nothing",
    expected: section ? "a section that a deployment needs" : expectedType(issue, root, data),
    remedy: section ? "add the section; docs/settings.md says what it holds" : "add it",
  });
}

function expectedType(issue: Issue, root: z.ZodType, data: unknown): string {
  if (issue.code === "invalid_type") return typeWords[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return oneOf(issue.values);
  if (issue.code === "invalid_union") return oneOf(discriminatorValues(root, issue.path, data));
  return "a value";
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

interface General {
  readonly code: SettingsCode;
  readonly expected: string;
  readonly remedy: string;
}

function general(issue: Issue, root: z.ZodType, data: unknown): General {
  switch (issue.code) {
    case "invalid_type":
      return {
        code: "settings/wrong-type",
        expected: expectedType(issue, root, data),
        remedy: "write the value in that form",
      };
    case "invalid_value":
      return {
        code: "settings/invalid-value",
        expected: expectedType(issue, root, data),
        remedy: "choose one of them",
      };
    case "invalid_union":
      return {
        code: "settings/invalid-value",
        expected: expectedType(issue, root, data),
        remedy: "choose one of them",
      };
    case "too_small":
      return { code: "settings/out-of-range", expected: range("at least", issue.minimum, issue), remedy: "raise it" };
    case "too_big":
      return { code: "settings/out-of-range", expected: range("at most", issue.maximum, issue), remedy: "lower it" };
    case "invalid_key":
      return {
        code: "settings/not-dns-label",
        expected: "a name of lower-case letters, digits and hyphens, at most 50 characters",
        remedy: "rename it",
      };
    default:
      return { code: "settings/invalid-format", expected: "another form", remedy: "see docs/settings.md" };
  }
}

function range(
  words: string,
  limit: number | bigint,
  issue: { readonly origin: string; readonly inclusive?: boolean | undefined },
): string {
  const of = { string: " characters", array: " entries" }[issue.origin] ?? "";
  const exclusive = issue.inclusive === false ? (words === "at least" ? "more than" : "less than") : words;
  return `${exclusive} ${limit}${of}`;
}

function oneOf(values: readonly unknown[]): string {
  return `one of ${values.map((value) => show(value)).join(", ")}`;
}

function withHint(remedy: string, issue: Issue, value: unknown): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return remedy;
  const near = nearest(value, issue.values.map(String));
  return near === undefined ? remedy : `write "${near}" if that is meant, else ${remedy}`;
}
