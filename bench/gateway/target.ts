import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** A server of the bench: one process, pinned to one core. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The chat request that this server is sent. */
  readonly model: string;
  readonly pid: number;
  readonly stop: () => void;
}

export interface TargetArgs {
  readonly name: string;
  readonly port: number;
  readonly core: number;
  readonly argv: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly model?: string;
}

const START_MS = 30_000;
const RETRY_MS = 100;

/** Starts a server on one core and waits until it answers a chat request with 200. @throws Error with what it printed. */
export async function startTarget(args: TargetArgs): Promise<Target> {
  const child = spawn("taskset", ["-c", String(args.core), process.execPath, ...args.argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      // The end is what says why a start failed.
      printed = (printed + text).slice(-4000);
    });
  }
  const { name, port, headers = {}, model = "gpt-4o-mini" } = args;
  const target = { name, port, headers, model, pid: child.pid ?? 0, stop: () => child.kill("SIGKILL") };
  const problem = await firstAnswer(target, child);
  if (problem === undefined) return target;
  child.kill("SIGKILL");
  throw new Error(`${name} did not start: ${problem}\n${printed}`);
}

async function firstAnswer(target: Target, child: ChildProcess): Promise<string | undefined> {
  const deadline = performance.now() + START_MS;
  let problem = "no answer";
  while (performance.now() < deadline) {
    if (child.exitCode !== null) return `exit status ${child.exitCode}`;
    try {
      const response = await fetch(`http://127.0.0.1:${target.port}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", ...target.headers },
        body: chatRequest(target.model),
      });
      const text = await response.text();
      if (response.status === 200) return undefined;
      problem = `status ${response.status}: ${text.slice(0, 500)}`;
    } catch (error) {
      problem = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return problem;
}

/** About 1.1 kB of a conversation in three languages, without anything that screening looks for. */
export function chatRequest(model: string): string {
  const text =
    "Summarise the plan for the spring campaign in three sentences. 봄 캠페인 계획을 요약해 주세요. 请总结计划。";
  const messages = [
    { role: "system", content: "You answer briefly and in the language of the question." },
    { role: "user", content: text.repeat(3) },
    { role: "assistant", content: "The plan has three parts: newsletters, events, and a small budget for tests." },
    { role: "user", content: text.repeat(2) },
  ];
  return JSON.stringify({ model, messages, temperature: 0.2, max_tokens: 256 });
}

/** CPU time of a process so far, in microseconds. */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // After the program's name, which may hold spaces: fields 14 and 15 of proc(5), in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
