import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countPending, hasStack, judgeLock, readLocks } from "../../../../tools/engine/stack-state.ts";

const lock = { pid: 42, hostname: "here", username: "somebody", timestamp: "2026-11-23T00:00:00Z" };
const world = (program?: string) => ({ hostname: "here", programOf: async () => program });

let backend: string;

beforeEach(async () => {
  backend = await mkdtemp(join(tmpdir(), "backend-"));
});

afterEach(() => rm(backend, { recursive: true }));

test("a lock whose process is gone is stale", async () => {
  expect(await judgeLock(lock, world())).toBe("stale");
});

test("a lock whose pid another program has taken over is stale", async () => {
  expect(await judgeLock(lock, world("bash"))).toBe("stale");
});

test("a lock whose pulumi still runs is held", async () => {
  expect(await judgeLock(lock, world("pulumi"))).toBe("held");
});

test("a lock of another machine is never called stale", async () => {
  expect(await judgeLock({ ...lock, hostname: "elsewhere" }, world())).toBe("foreign");
});

test("a backend without the stack has no locks, no pending operations and no stack", async () => {
  expect(await readLocks(backend, "p", "s")).toEqual([]);
  expect(await countPending(backend, "p", "s")).toBe(0);
  expect(await hasStack(backend, "p", "s")).toBe(false);
});

test("operations that a killed run left open are counted", async () => {
  await mkdir(join(backend, ".pulumi", "stacks", "p"), { recursive: true });
  const state = {
    version: 3,
    checkpoint: { latest: { pending_operations: [{ type: "creating" }, { type: "updating" }] } },
  };
  await writeFile(join(backend, ".pulumi", "stacks", "p", "s.json"), JSON.stringify(state));
  expect(await countPending(backend, "p", "s")).toBe(2);
  expect(await hasStack(backend, "p", "s")).toBe(true);
});
