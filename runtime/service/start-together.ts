import { type Problem, ProblemError } from "../problems/index.ts";

/**
 * Runs every part of a start and returns their results, or refuses with the problems of all of them together, so that
 * an operator mends five missing files in one go and not in five.
 * @throws ProblemError with every problem; `secrets/unreadable` for a file that the system does not let us read.
 */
export function startTogether<T extends Record<string, () => unknown>>(parts: T): { [K in keyof T]: ReturnType<T[K]> } {
  const problems: Problem[] = [];
  const entries = Object.entries(parts).map(([name, start]) => {
    try {
      return [name, start()];
    } catch (error) {
      if (error instanceof ProblemError) problems.push(...error.problems);
      else problems.push(unreadable(name, error));
      return [name, undefined];
    }
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ProblemError([first, ...rest]);
  return Object.fromEntries(entries);
}

function unreadable(name: string, error: unknown): Problem {
  const path = error instanceof Error && "path" in error ? String(error.path) : name;
  const got = error instanceof Error ? error.message : String(error);
  return { code: "secrets/unreadable", path, got, expected: "a readable file", remedy: "mount the secret" };
}
