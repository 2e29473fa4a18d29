import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timed } from "../sample.ts";
import { chatRequest, cpuMicros, type Target } from "./target.ts";

/** One window of load on one server. */
export interface Window {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicrosPerRequest: number;
  readonly errors: number;
}

/** Loads a server for some seconds from the other core with wrk (closed loop). */
export async function load(
  target: Target,
  options: { readonly concurrency: number; readonly seconds: number; readonly core: number },
): Promise<Window> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-wrk-"));
  const script = join(folder, "post.lua");
  writeFileSync(script, lua(target));
  const { concurrency, seconds, core } = options;
  const url = `http://127.0.0.1:${target.port}/v1/chat/completions`;
  const wrk = ["wrk", "-t1", `-c${concurrency}`, `-d${seconds}s`, "--latency", "-s", script, url];
  try {
    const before = cpuMicros(target.pid);
    const { stdout } = await timed(["taskset", "-c", String(core), ...wrk]);
    return read(stdout, cpuMicros(target.pid) - before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lua({ headers, model }: Target): string {
  const all = { "content-type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `wrk.headers[${quote(name)}] = ${quote(value)}`);
  return `wrk.method = "POST"\nwrk.body = ${quote(chatRequest(model))}\n${lines.join("\n")}\n`;
}

/** A Lua string literal; JSON's escapes but for \u are Lua's too, and JSON.stringify writes none of those here. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function read(report: string, cpu: number): Window {
  const requests = Number(/(\d+) requests in/.exec(report)?.[1] ?? 0);
  const socketErrors = [...(/Socket errors: (.*)/.exec(report)?.[1] ?? "").matchAll(/\d+/g)];
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? 0);
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1] ?? 0),
    p50Ms: milliseconds(/\s50%\s+(\S+)/.exec(report)?.[1]),
    p99Ms: milliseconds(/\s99%\s+(\S+)/.exec(report)?.[1]),
    cpuMicrosPerRequest: cpu / Math.max(1, requests),
    errors: refused + socketErrors.reduce((sum, [count]) => sum + Number(count), 0),
  };
}

function milliseconds(text: string | undefined): number {
  const [, value, unit] = /^([\d.]+)(us|ms|s)$/.exec(text ?? "") ?? [];
  const factor = unit === "us" ? 0.001 : unit === "s" ? 1000 : 1;
  return value === undefined ? Number.NaN : Number(value) * factor;
}
