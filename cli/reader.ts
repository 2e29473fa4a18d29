import { EXIT } from "./exit.ts";

/** What a stream says whose other end is closed: at the write that finds it out, and at each later one. */
const CLOSED: ReadonlySet<string | undefined> = new Set(["EPIPE", "ERR_STREAM_DESTROYED"]);

/**
 * Ends quietly when whoever reads the result stops early, as `head` does: Node ignores SIGPIPE, so that the write fails
 * instead. A closed standard error ends nothing: what is under way goes on without its progress.
 */
export function endWithReader({ stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr"> = process): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!CLOSED.has(error.code)) throw error;
    process.exit(EXIT.unread);
  });
  stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (!CLOSED.has(error.code)) throw error;
  });
}
