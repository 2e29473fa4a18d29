import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  hasStack,
  judgeLock,
  objectsToAdopt,
  type PendingOperation,
  pendingOperations,
  readLocks,
  resourceCount,
} from "../../../../tools/engine/stack-state.ts";

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
  expect(await pendingOperations(backend, "p", "s")).toEqual([]);
  expect(await hasStack(backend, "p", "s")).toBe(false);
  expect(await resourceCount(backend, "p", "s")).toBe(0);
});

test("a state says how many resources it has; one that was only selected has none", async () => {
  await mkdir(join(backend, ".pulumi", "stacks", "p"), { recursive: true });
  const file = join(backend, ".pulumi", "stacks", "p", "s.json");
  await writeFile(file, JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{}, {}] } } }));
  expect(await resourceCount(backend, "p", "s")).toBe(2);
  await writeFile(file, JSON.stringify({ version: 3, checkpoint: { latest: {} } }));
  expect(await resourceCount(backend, "p", "s")).toBe(0);
});

test("operations that a killed run left open are read from the state as they stand there", async () => {
  const pending = [creating("kubernetes:core/v1:Namespace", { name: "a" }), { ...creating("x:y:Z"), type: "updating" }];
  await mkdir(join(backend, ".pulumi", "stacks", "p"), { recursive: true });
  const state = { version: 3, checkpoint: { latest: { pending_operations: pending } } };
  await writeFile(join(backend, ".pulumi", "stacks", "p", "s.json"), JSON.stringify(state));
  expect(await pendingOperations(backend, "p", "s")).toEqual(pending);
  expect(await hasStack(backend, "p", "s")).toBe(true);
});

test("a stack whose last run ended has no pending operations", async () => {
  await mkdir(join(backend, ".pulumi", "stacks", "p"), { recursive: true });
  await writeFile(
    join(backend, ".pulumi", "stacks", "p", "s.json"),
    JSON.stringify({ version: 3, checkpoint: { latest: {} } }),
  );
  expect(await pendingOperations(backend, "p", "s")).toEqual([]);
});

test("a Kubernetes object that was being created is adopted under namespace and name, or under its name alone", () => {
  const service = creating("kubernetes:core/v1:Service", { name: "cell", namespace: "tenant-a" });
  const namespace = creating("kubernetes:core/v1:Namespace", { name: "tenant-a" });
  expect(objectsToAdopt([service, namespace])).toEqual([
    { urn: service.resource.urn, id: "tenant-a/cell" },
    { urn: namespace.resource.urn, id: "tenant-a" },
  ]);
});

test("our own SecretFiles are never adopted, because creating them again is harmless", () => {
  expect(objectsToAdopt([creating("breakwater:index:SecretFiles", { name: "cell", namespace: "tenant-a" })])).toEqual(
    [],
  );
});

test("an object whose name the state does not say is not adopted", () => {
  expect(objectsToAdopt([creating("kubernetes:core/v1:Service"), creating("kubernetes:core/v1:Pod", {})])).toEqual([]);
});

test.each(["updating", "deleting", "reading", "importing"])(
  "an object that was %s is in the state already and is not adopted",
  (type) => {
    const service = creating("kubernetes:core/v1:Service", { name: "cell", namespace: "tenant-a" });
    expect(objectsToAdopt([{ ...service, type }])).toEqual([]);
  },
);

function creating(type: string, metadata?: { readonly name?: string; readonly namespace?: string }): PendingOperation {
  const inputs = metadata === undefined ? {} : { inputs: { metadata } };
  return { type: "creating", resource: { urn: `urn:pulumi:s::p::${type}::x`, type, ...inputs } };
}
