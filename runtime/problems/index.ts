/** Stable identifier of a mistake, `area/what`, safe to match on in scripts. */
export type ProblemCode = `${string}/${string}`;

/** One mistake in one input, with everything its author needs to mend it. Never carries a secret's value. */
export interface Problem {
  readonly code: ProblemCode;
  /** Where it is, in the author's own words: `multi_tenant.tenants[1].id`, a file, an address. */
  readonly path: string;
  /** What was found there; a secret is named by its kind, never quoted. */
  readonly got: string;
  readonly expected: string;
  /** What the author does next, in the imperative. */
  readonly remedy: string;
}

/** `[area/code] path: got X; expected Y; do Z`, one line. */
export function formatProblem({ code, path, got, expected, remedy }: Problem): string {
  return `[${code}] ${path}: got ${got}; expected ${expected}; ${remedy}`;
}

/** Refuses one input with all of its problems at once. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problems: readonly [Problem, ...Problem[]], options?: ErrorOptions) {
    super(problems.map(formatProblem).join("\n"), options);
    this.problems = problems;
  }
}

/** Shorthand for the common case of a single problem. */
export function refuse(problem: Problem, options?: ErrorOptions): never {
  throw new ProblemError([problem], options);
}
