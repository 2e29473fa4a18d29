import { spawn } from "node:child_process";
import { projectRoot } from "../tools/paths.ts";

/** The middle of measurements, so that one slow run on a busy machine says nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("no measurement to take the median of");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** A command's wall time and what it printed on standard output. @throws Error with the begin of its output when it fails. */
export async function timed(
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly seconds: number; readonly stdout: string }> {
  const [program = "", ...args] = argv;
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd ?? projectRoot,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${(stderr || stdout).trim().slice(0, 1200)}`);
  return { seconds, stdout };
}

/** Runs the commands in turn, `rounds` times, so that load and frequency hit each alike. @returns medians by name. */
export async function interleaved<Name extends string>(
  commands: Readonly<Record<Name, readonly string[]>>,
  rounds: number,
): Promise<Readonly<Record<Name, number>>> {
  const entries = Object.entries(commands) as [Name, readonly string[]][];
  const taken = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, argv] of entries) taken.get(name)?.push((await timed(argv)).seconds);
  }
  return Object.fromEntries(entries.map(([name]) => [name, median(taken.get(name) ?? [])])) as Record<Name, number>;
}
