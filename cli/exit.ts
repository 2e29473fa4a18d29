import { formatProblem, ProblemError } from "@breakwater/runtime/problems";

/** What the command's exit status says; the same for every command. */
export const EXIT = {
  ok: 0,
  /** The input is wrong, something failed, or a check did not pass. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Done, and what it says is incomplete: something has no price. */
  incomplete: 3,
  /** The reader of the result went away before its end: 128 and SIGPIPE, as a shell reports it of other programs. */
  unread: 141,
} as const;

/** Prints why a command failed, as one line for each problem, or as JSON on standard output for a program. */
export function reportFailure(error: unknown, json: boolean): void {
  const problems = error instanceof ProblemError ? error.problems : undefined;
  if (json) {
    const fallback = [{ code: "cli/failed", path: "", got: message(error), expected: "", remedy: "" }];
    process.stdout.write(`${JSON.stringify({ ok: false, problems: problems ?? fallback }, null, 2)}\n`);
    return;
  }
  if (problems !== undefined) for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
  // A bug of ours: the stack is what helps.
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
