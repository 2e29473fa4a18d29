import type { Problem } from "../problems/index.ts";
import type { SettingsCode } from "./codes.ts";

/** A problem whose code is one of the settings'. The top of the input is called `settings`. */
export function settingsProblem(code: SettingsCode, path: string, rest: Omit<Problem, "code" | "path">): Problem {
  return { code, path: path === "" ? "settings" : path, ...rest };
}

/** Puts problems into an order that does not depend on the order of keys in the input, and drops repetitions. */
export function sorted(problems: readonly Problem[]): readonly Problem[] {
  const key = ({ path, code, got }: Problem) => `${path}\0${code}\0${got}`;
  const unique = new Map(problems.map((problem) => [key(problem), problem]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}
