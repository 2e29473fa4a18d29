import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endOrphanedPlugins } from "../../../../tools/engine/orphans.ts";

let state: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "breakwater-orphans-"));
  vi.stubEnv("XDG_STATE_HOME", state);
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

/** A program of that path below our state, running. */
async function running(...path: string[]): Promise<ChildProcess> {
  const program = join(state, "breakwater", ...path);
  mkdirSync(dirname(program), { recursive: true });
  copyFileSync("/bin/sleep", program);
  const child = spawn(program, ["60"], { stdio: "ignore" });
  started.push(child);
  await once(child, "spawn");
  return child;
}

test("a plugin without an engine is ended", async () => {
  const plugin = await running("pulumi-home", "plugins", "resource-x", "pulumi-resource-x");
  const ended = once(plugin, "exit");
  await endOrphanedPlugins();
  expect((await ended)[1]).toBe("SIGTERM");
});

test("programs elsewhere are left alone", async () => {
  const other = await running("elsewhere", "pulumi-resource-x");
  await endOrphanedPlugins();
  expect(other.exitCode ?? other.signalCode).toBeNull();
  expect(other.kill(0)).toBe(true);
});
