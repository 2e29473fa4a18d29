import { type Problem, ProblemError } from "../problems/index.ts";
import { guard } from "./guard.ts";
import { settingsProblem, sorted } from "./problem.ts";
import { formatPath, type Path } from "./walk.ts";

/** The content of one settings file and the name by which its author knows it. */
export interface SettingsFile {
  readonly name: string;
  readonly content: unknown;
}

/**
 * Puts files together into one settings object. Objects are joined key by key; the same key may be given twice
 * only with the same value, so no file silently overrides another. Their order does not matter.
 * @throws ProblemError `settings/conflict`, and what makes a file unfit to be read at all.
 */
export function mergeSections(files: readonly SettingsFile[]): unknown {
  const problems: Problem[] = [];
  const origins = new Map<string, string>();
  let merged: unknown = {};
  for (const { name, content } of files) {
    const guarded = guard(content);
    problems.push(...guarded.problems.map((problem) => ({ ...problem, path: `${name}#${problem.path}` })));
    if (!isObject(guarded.data)) {
      if (!guarded.cut) problems.push(noObject(name));
    } else if (!guarded.cut) {
      merged = join(merged, guarded.data, [], { name, origins, problems });
    }
  }
  if (problems.length > 0) throw new ProblemError(sorted(problems) as [Problem, ...Problem[]]);
  return merged;
}

interface Joining {
  readonly name: string;
  /** File that gave each path first. */
  readonly origins: Map<string, string>;
  readonly problems: Problem[];
}

function join(one: unknown, other: unknown, path: Path, joining: Joining): unknown {
  if (isObject(one) && isObject(other)) {
    const result: Record<string, unknown> = { ...one };
    for (const [key, value] of Object.entries(other)) {
      const here = [...path, key];
      if (Object.hasOwn(one, key)) {
        result[key] = join(one[key], value, here, joining);
      } else {
        result[key] = value;
        joining.origins.set(formatPath(here), joining.name);
      }
    }
    return result;
  }
  if (sameData(one, other)) return one;
  joining.problems.push(
    settingsProblem("settings/conflict", formatPath(path), {
      got: `different values in ${originOf(path, joining.origins)} and ${joining.name}`,
      expected: "one value",
      remedy: "keep it in one of the files",
    }),
  );
  return one;
}

function originOf(path: Path, origins: ReadonlyMap<string, string>): string {
  const lengths = path.map((_, index) => path.length - index);
  const found = lengths
    .map((length) => origins.get(formatPath(path.slice(0, length))))
    .find((name) => name !== undefined);
  return found ?? "an earlier file";
}

function sameData(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameData(item, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && sameData(one[key], other[key]))
    );
  }
  return Object.is(one, other);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function noObject(name: string): Problem {
  return settingsProblem("settings/wrong-type", `${name}#settings`, {
    got: "no object",
    expected: "an object whose keys are sections",
    remedy: "begin the file with the name of a section",
  });
}
