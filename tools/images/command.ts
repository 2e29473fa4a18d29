import { spawn } from "node:child_process";
import { type ProblemCode, refuse } from "@breakwater/runtime/problems";

/** One call of a program of this machine. */
export interface CommandCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly code: ProblemCode;
}

const TAIL_CHARACTERS = 2000;

/**
 * Runs a program at low priority and answers its stdout.
 *
 * @throws ProblemError `images/missing-tool` when it is not installed, the call's own code when it fails.
 */
export function runCommand(call: CommandCall): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("nice", ["-n", "5", call.program, ...call.args], {
      cwd: call.cwd,
      env: { ...process.env, ...call.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let tail = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      tail = (tail + data.toString()).slice(-TAIL_CHARACTERS);
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) return resolve(stdout);
      try {
        fail(call, status, `${stdout.slice(-TAIL_CHARACTERS)}\n${tail}`);
      } catch (problem) {
        reject(problem);
      }
    });
  });
}

function fail(call: CommandCall, status: number | null, output: string): never {
  // `nice` answers 127 for a program that it does not find.
  if (status === 127) {
    refuse({
      code: "images/missing-tool",
      path: call.program,
      got: "no such program on PATH",
      expected: `${call.program}, which builds the images`,
      remedy: "install the builders: apt-get install buildah mmdebstrap",
    });
  }
  refuse({
    code: call.code,
    path: [call.program, ...call.args].join(" "),
    got: `exit code ${status}: ${output.trim().split("\n").slice(-12).join(" | ")}`,
    expected: "exit code 0",
    remedy: "read what it said and repeat; what was built so far is kept",
  });
}
