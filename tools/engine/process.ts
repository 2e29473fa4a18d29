import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** One call of the `pulumi` program. */
export interface PulumiCall {
  readonly pulumi: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string) => void;
}

/** How it ended. */
export interface PulumiEnd {
  readonly code: number | null;
  /** The signal that killed it, which leaves no code. */
  readonly killedBy?: string;
  /** Last lines of stderr, for errors that are not events. */
  readonly stderrTail: string;
}

const TAIL_LINES = 20;

/**
 * Runs `pulumi` to its end, never answering a prompt. It gets its own process group, so that a Ctrl-C in the terminal
 * reaches it once, through `signal`, and it stops after the operations under way; a second signal would make it drop them.
 */
export function runPulumi(call: PulumiCall): Promise<PulumiEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(call.pulumi, [...call.args, "--non-interactive"], {
      cwd: call.cwd,
      env: { ...process.env, ...call.environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const interrupt = (): void => {
      child.kill("SIGINT");
    };
    const tail: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => call.onLine?.(line));
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.trim() !== "") tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
    });
    const release = (): void => {
      call.signal?.removeEventListener("abort", interrupt);
      process.removeListener("exit", interrupt);
    };
    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("close", (code, killedBy) => {
      release();
      resolve({ code, ...(killedBy === null ? {} : { killedBy }), stderrTail: tail.join("\n") });
    });
    process.once("exit", interrupt);
    if (call.signal?.aborted) interrupt();
    else call.signal?.addEventListener("abort", interrupt, { once: true });
  });
}
