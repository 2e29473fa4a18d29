import type { Problem } from "../problems/index.ts";
import { settingsProblem } from "./problem.ts";
import { formatPath, type Path } from "./walk.ts";

/** Limits of one input, far above any real one: they stop a hostile or broken file, not a large company. */
export const INPUT_LIMITS = { depth: 32, values: 100_000, textBytes: 1_048_576 } as const;

/** Keys that reach the prototype of an object instead of the object. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** A copy that shares nothing with the input, without what was refused. */
export interface Guarded {
  readonly data: unknown;
  readonly problems: readonly Problem[];
  /** Whether the copy is cut off, so that further checks would say wrong things. */
  readonly cut: boolean;
}

/** Copies plain data within {@link INPUT_LIMITS} and leaves out keys that would change an object's prototype. */
export function guard(raw: unknown): Guarded {
  const problems: Problem[] = [];
  let values = 0;
  let cut = false;
  const stop = (problem: Problem): undefined => {
    if (!cut) problems.push(problem);
    cut = true;
    return undefined;
  };
  const copy = (value: unknown, path: Path): unknown => {
    if (cut) return undefined;
    values += 1;
    if (values > INPUT_LIMITS.values) return stop(tooLarge(path));
    if (path.length > INPUT_LIMITS.depth) return stop(tooDeep(path));
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item, index) => copy(item, [...path, index]));
    if (!isPlain(value)) {
      problems.push(notPlain(path));
      return undefined;
    }
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      if (FORBIDDEN.has(key)) problems.push(forbidden([...path, key]));
      else result[key] = copy((value as Record<string, unknown>)[key], [...path, key]);
    }
    return result;
  };
  const data = copy(raw, []);
  return { data, problems, cut };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function tooLarge(path: Path): Problem {
  return settingsProblem("settings/too-large", formatPath(path), {
    got: `more than ${INPUT_LIMITS.values} values`,
    expected: `at most ${INPUT_LIMITS.values} values`,
    remedy: "remove what does not belong there, or divide the environment",
  });
}

function tooDeep(path: Path): Problem {
  return settingsProblem("settings/too-deep", formatPath(path.slice(0, 8)), {
    got: `more than ${INPUT_LIMITS.depth} levels`,
    expected: `at most ${INPUT_LIMITS.depth} levels`,
    remedy: "remove the nesting; no setting lies deeper than 6 levels",
  });
}

function forbidden(path: Path): Problem {
  return settingsProblem("settings/forbidden-key", formatPath(path), {
    got: "a key that changes how objects behave",
    expected: `any name but ${[...FORBIDDEN].join(", ")}`,
    remedy: "remove it",
  });
}

function notPlain(path: Path): Problem {
  return settingsProblem("settings/wrong-type", formatPath(path), {
    got: "an object with behaviour of its own",
    expected: "plain data as JSON can hold",
    remedy: "write the value as text, number, list or object",
  });
}
