import { type Problem, ProblemError } from "../problems/index.ts";
import { Screen } from "../screening/screen.ts";
import { settingsProblem } from "./problem.ts";
import { DETECTORS } from "./services.ts";
import { show } from "./show.ts";
import { formatPath, listAt, type Path, valueAt } from "./walk.ts";

const RULES: Path = ["enterprise", "data_loss_prevention", "rules"];

/** What front door and model router would refuse at start in the rules of screening. Reads data of any shape. */
export function screeningContradictions(data: unknown): readonly Problem[] {
  return [...namedLikeDetector(data), ...unusablePatterns(data)];
}

/** Hits of the two could not be told apart in the audit log. */
function namedLikeDetector(data: unknown): readonly Problem[] {
  return listAt(data, RULES).flatMap((rule, index) => {
    const name = valueAt(rule, ["name"]);
    if (!DETECTORS.some((detector) => detector === name)) return [];
    return [
      settingsProblem("settings/duplicate-rule", formatPath([...RULES, index, "name"]), {
        got: `${show(name)}, the name of a detector`,
        expected: `any name but ${DETECTORS.join(", ")}`,
        remedy: "rename the rule",
      }),
    ];
  });
}

/** Patterns that compile and still cannot be used: those that can take more than linear time, or match nothing at all. */
function unusablePatterns(data: unknown): readonly Problem[] {
  return listAt(data, RULES).flatMap((rule, index) => {
    const pattern = valueAt(rule, ["pattern"]);
    if (typeof pattern !== "string" || !compiles(pattern)) return [];
    try {
      Screen.compile({ rules: [{ name: "rule", action: "redact", pattern }] });
      return [];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const path = formatPath([...RULES, index, "pattern"]);
      return error.problems.map(({ got, expected, remedy }) =>
        settingsProblem("settings/bad-pattern", path, { got, expected, remedy }),
      );
    }
  });
}

/** Whether JavaScript takes the pattern at all; the schema says so of those that it does not take. */
export function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
