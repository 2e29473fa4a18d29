import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { ProblemError } from "../problems/index.ts";

const PAUSE_MS = 500;

/** Classes of SQLSTATE of a server that is not there yet: connections, its users and databases, resources, its own start. */
const NOT_YET = ["08", "28", "3D", "53", "57"];

/**
 * Runs `work` when the server answers, trying again until then: services and their database start together.
 * @throws ProblemError `state/unreachable` after `waitMs`; any error of `work` that waiting does not mend, at once.
 */
export async function whenReachable<T>(waitMs: number, work: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (performance.now() >= deadlineMs) throw unreachable(waitMs, error);
    }
    await sleep(PAUSE_MS);
  }
}

/** Whether an error is about the connection and not about what was asked. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ProblemError || error instanceof RangeError) return false;
  const isAnswer = "severity" in error && "code" in error;
  return !isAnswer || NOT_YET.includes(String(error.code).slice(0, 2));
}

function unreachable(waitMs: number, cause: unknown): ProblemError {
  const problem = {
    code: "state/unreachable",
    path: "database",
    // Some errors of Node, those of several addresses together, have a code and no message.
    got: cause instanceof Error ? cause.message || String("code" in cause ? cause.code : cause.name) : String(cause),
    expected: `a server that answers within ${waitMs} ms`,
    remedy: "look at the database's own log, its address and the password",
  } as const;
  return new ProblemError([problem], { cause });
}
