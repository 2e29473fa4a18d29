import type { z } from "zod";
import type { Problem, ProblemCode } from "../problems/index.ts";

/** Turns every issue of a failed parse into a problem. Values are named by kind, never quoted: they may be secrets or content. */
export function zodProblems(
  error: z.ZodError,
  input: unknown,
  about: { readonly code: ProblemCode; readonly root: string; readonly remedy: string },
): [Problem, ...Problem[]] {
  const problems = error.issues.map((issue) => ({
    code: about.code,
    path: pathText(about.root, issue.path) || "(whole)",
    got: issue.code === "unrecognized_keys" ? `unknown ${issue.keys.join(", ")}` : kindOf(valueAt(input, issue.path)),
    expected: expectation(issue),
    remedy: about.remedy,
  }));
  const [first, ...rest] = problems;
  if (first === undefined) throw new Error("a failed parse without an issue", { cause: error });
  return [first, ...rest];
}

/** Zod's sentence without what `got` says already: "Invalid input: expected string, received number" becomes "string". */
function expectation({ code, message }: z.core.$ZodIssue): string {
  if (code === "unrecognized_keys") return "known keys only";
  return message
    .replace(/^(Invalid input|Invalid option|Too big|Too small): expected /, "")
    .replace(/, received .*$/, "");
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, root);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    return Reflect.get(value, part);
  }, input);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "string") return `a string of ${value.length} characters`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return `an ${typeof value}`;
}
