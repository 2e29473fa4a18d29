import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { nodeDir, paths, processMark } from "./layout.ts";

/** What is remembered of a started component. A pid alone proves nothing: it may belong to another process by now. */
export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/<pid>/stat. */
  readonly startTicks: string;
  readonly bootId: string;
  /** Hash of command line and configuration: another one means a restart. */
  readonly fingerprint: string;
}

/** Field 22 of a /proc/<pid>/stat text, whose second field may itself hold spaces and brackets. */
export function startTicksOf(statText: string): string | undefined {
  return statText.slice(statText.lastIndexOf(")") + 2).split(" ")[19];
}

function isZombie(statText: string): boolean {
  return statText.slice(statText.lastIndexOf(")") + 2).startsWith("Z");
}

export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

async function procStat(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(gone);
  return text === undefined || isZombie(text) ? undefined : text;
}

function gone(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
  throw error;
}

/** A process that has capabilities which we lack may not be looked into, and is none that we started. */
function goneOrForeign(error: NodeJS.ErrnoException): undefined {
  return error.code === "EACCES" || error.code === "EPERM" ? undefined : gone(error);
}

/** The record of a component if its process is the one that was started, else undefined. */
export async function livingRecord(component: string): Promise<ProcessRecord | undefined> {
  const record = await readRecord(component);
  if (record === undefined || record.bootId !== bootId()) return undefined;
  const text = await procStat(record.pid);
  return text !== undefined && startTicksOf(text) === record.startTicks ? record : undefined;
}

/** Whether the component was ever started and not stopped on purpose since. */
export async function readRecord(component: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(paths.record(component), "utf8").catch(gone);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessRecord);
}

const largestLogBytes = 20 * 1024 * 1024;

/** Starts a program that outlives this one: own session, output to its log, marked as this node's. */
export async function startDetached(
  component: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
  fingerprint: string,
): Promise<ProcessRecord> {
  const log = paths.log(component);
  await Promise.all([log, paths.record(component)].map((file) => mkdir(dirname(file), { recursive: true })));
  const size = await stat(log).then(({ size }) => size, gone);
  if (size !== undefined && size > largestLogBytes) await rename(log, `${log}.1`);
  const output = openSync(log, "a", 0o600);
  const [program = "", ...args] = argv;
  try {
    const child = spawn(program, args, {
      detached: true,
      cwd: nodeDir(),
      stdio: ["ignore", output, output],
      env: { ...environment, [processMark]: nodeDir() },
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("spawn", () => resolve(child.pid ?? 0));
    });
    child.unref();
    const ticks = startTicksOf(await readFile(`/proc/${pid}/stat`, "utf8")) ?? "";
    const record = { pid, startTicks: ticks, bootId: bootId(), fingerprint };
    const partial = `${paths.record(component)}.partial`;
    await writeFile(partial, JSON.stringify(record), { mode: 0o600 });
    await rename(partial, paths.record(component));
    return record;
  } finally {
    closeSync(output);
  }
}

/** Stops a component's process if it is still the one that was started, and forgets it. */
export async function stopComponent(component: string, graceMs: number): Promise<void> {
  const record = await livingRecord(component);
  if (record !== undefined) await terminate([record.pid], graceMs);
  await rm(paths.record(component), { force: true });
}

/** SIGTERM, then after `graceMs` SIGKILL; returns when all are gone. */
export async function terminate(pids: readonly number[], graceMs: number): Promise<void> {
  const starts = new Map<number, string>();
  for (const pid of pids) {
    const ticks = startTicksOf((await procStat(pid)) ?? "");
    if (ticks !== undefined) starts.set(pid, ticks);
  }
  const living = async (): Promise<number[]> => {
    const found: number[] = [];
    for (const [pid, ticks] of starts) if (startTicksOf((await procStat(pid)) ?? "") === ticks) found.push(pid);
    return found;
  };
  if (graceMs > 0) {
    for (const pid of await living()) signal(pid, "SIGTERM");
    await until(async () => (await living()).length === 0, graceMs);
  }
  for (const pid of await living()) signal(pid, "SIGKILL");
  if (!(await until(async () => (await living()).length === 0, 10_000))) {
    throw new Error(`processes ${(await living()).join(", ")} did not end 10 s after SIGKILL`);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Polls until `condition` holds; false when it does not within `limitMs`. */
export async function until(condition: () => Promise<boolean>, limitMs: number, everyMs = 50): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await wait(everyMs);
  }
  return true;
}

/** Every living process that carries this node's mark: components, shims, and what they started with their environment. */
export async function markedProcesses(): Promise<readonly { readonly pid: number; readonly commandLine: string }[]> {
  const mark = `${processMark}=${nodeDir()}`;
  const found: { pid: number; commandLine: string }[] = [];
  for (const entry of await readdir("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(goneOrForeign);
    if (environment?.split("\0").includes(mark) !== true) continue;
    const commandLine = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(gone)) ?? "";
    found.push({ pid, commandLine: commandLine.replaceAll("\0", " ").trim() });
  }
  return found;
}

/** Resident memory of a process in MiB. */
export async function memoryMiB(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(gone);
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  return kib === undefined ? undefined : Math.round(Number(kib) / 1024);
}
