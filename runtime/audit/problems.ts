import { ProblemError } from "../problems/index.ts";

/** A record could not be made durable. */
export function unavailable(path: string, cause: unknown): ProblemError {
  const problem = {
    code: "audit/unavailable",
    path,
    got: cause instanceof Error ? cause.message : String(cause),
    expected: "a directory that this service can write to",
    remedy: "free the disk or repair the volume",
  } as const;
  return new ProblemError([problem], { cause });
}
