import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { APPLY_TIMEOUT_MS } from "../../../../runtime/cell-agent/agent-store.ts";
import { FakeCell, readJson, spec } from "./world.ts";

let cell: FakeCell;
beforeEach(() => {
  cell = new FakeCell();
});
afterEach(() => cell.remove());

const entries = (): object => (readJson(cell.files.merged_file) as { agents: { entries: object } }).agents.entries;
const erasing = (): string => readFileSync(join(cell.folder, "run/erase-agents"), "utf8");

describe("at the start", () => {
  test("OpenClaw's configuration is written without asking OpenClaw, readable by its user only", async () => {
    cell.up = false;
    const store = await cell.start();
    expect(store.agents).toEqual([]);
    expect(Object.keys(entries())).toEqual(["main"]);
    for (const file of ["openclaw.json", "agents.json", "erase-agents"]) {
      expect(statSync(join(cell.folder, "run", file)).mode & 0o777).toBe(0o600);
    }
  });

  test("the agents of before are there again, in the folders of before", async () => {
    await (await cell.start()).replace([spec()]);
    const before = entries();
    rmSync(join(cell.folder, "run/openclaw.json"));
    const store = await cell.start();
    expect(store.agents).toEqual([spec()]);
    expect(entries()).toEqual(before);
  });

  test("a damaged list stops the cell instead of losing agents", async () => {
    for (const text of ["{", "[]", '{"agents":[{}],"erasing":[]}']) {
      writeFileSync(cell.files.agents_file, text);
      await expect(cell.start()).rejects.toThrow("[agents/unreadable]");
    }
  });
});

describe("a new list of agents", () => {
  test("is in force when OpenClaw runs with it, and on disk", async () => {
    const store = await cell.start();
    expect(await store.replace([spec(), spec({ id: "default", name: "Chief" })])).toBeUndefined();
    expect(store.agents.map(({ id }) => id)).toEqual(["support", "default"]);
    expect((readJson(cell.files.agents_file) as { agents: unknown[] }).agents).toHaveLength(2);
    expect(cell.scopes).toEqual([["operator.read"]]);
  });

  test.each([
    ["does not take it", (): unknown => Object.assign(cell, { reloads: false })],
    ["does not run", (): unknown => Object.assign(cell, { up: false })],
  ])("is not in force, and the one before is put back, when OpenClaw %s in time", async (_, fail) => {
    const store = await cell.start();
    await store.replace([spec()]);
    const before = entries();
    fail();
    expect(await store.replace([spec(), spec({ id: "sales" })])).toMatchObject({ kind: "unavailable" });
    expect(cell.waitedMs).toBeGreaterThanOrEqual(APPLY_TIMEOUT_MS);
    expect(entries()).toEqual(before);
    expect(store.agents).toEqual([spec()]);
  });

  test("is not in force when only the instructions are missing", async () => {
    const store = await cell.start();
    await store.replace([spec({ instructions: "A" })]);
    cell.reloads = false;
    expect(await store.replace([spec({ instructions: "B" })])).toMatchObject({ kind: "unavailable" });
  });

  test("is put back when it cannot be kept", async () => {
    const store = await cell.start();
    rmSync(join(cell.folder, "agent"), { recursive: true });
    await expect(store.replace([spec()])).rejects.toThrow("ENOENT");
    expect(Object.keys(entries())).toEqual(["main"]);
    expect(store.agents).toEqual([]);
  });

  test("changes nothing when something is wrong with it", async () => {
    const store = await cell.start();
    const refusal = await store.replace([spec({ skills: ["nope"] }), spec({ id: "main" })]);
    expect(refusal).toMatchObject({ kind: "invalid" });
    expect(Object.keys(entries())).toEqual(["main"]);
    expect(cell.scopes).toEqual([]);
  });

  test("waits for the one before it", async () => {
    const store = await cell.start();
    const both = [store.replace([spec()]), store.replace([spec({ id: "sales" })])];
    expect(await Promise.all(both)).toEqual([undefined, undefined]);
    expect(store.agents.map(({ id }) => id)).toEqual(["sales"]);
    expect(Object.keys(entries())).toEqual(["main", "sales"]);
  });
});

describe("a deleted agent", () => {
  /** A cell in which `support` was used and then deleted. */
  async function deleted() {
    const store = await cell.start();
    await store.replace([spec(), spec({ id: "support-2" })]);
    cell.sessions["support"] = ["agent:support:openai-user:1", "agent:support:openai-user:2"];
    cell.agentsWithData = ["main", "support", "support-2"];
    await store.replace([spec({ id: "support-2" })]);
    await store.tidy();
    return store;
  }

  test("loses its sessions, then its memory; nobody else loses anything", async () => {
    await deleted();
    expect(cell.calls.slice(0, 4)).toEqual([
      "sessions.list support",
      "sessions.delete agent:support:openai-user:1",
      "sessions.delete agent:support:openai-user:2",
      "sessions.list support",
    ]);
    expect(cell.calls[4]).toBe("cell-guard.erase support");
    expect(cell.calls.filter((call) => call.includes("support-2") || call.includes("main"))).toEqual([]);
  });

  test("is named to the next start of OpenClaw until nothing of it is left", async () => {
    const store = await deleted();
    expect(erasing()).toBe("support\n");
    const again = await cell.start();
    expect(erasing()).toBe("support\n");
    cell.agentsWithData = ["main", "support-2"];
    await again.tidy();
    expect(erasing()).toBe("");
    expect(store.agents).toEqual(again.agents);
  });

  test("keeps its id until nothing of it is left, and a new one gets another folder", async () => {
    const store = await cell.start();
    await store.replace([spec()]);
    const before = JSON.stringify(entries());
    cell.agentsWithData = ["support"];
    await store.replace([]);
    expect(await store.replace([spec()])).toEqual({ kind: "erasing", ids: ["support"] });
    cell.agentsWithData = [];
    await store.tidy();
    expect(await store.replace([spec()])).toBeUndefined();
    expect(JSON.stringify(entries())).not.toBe(before);
  });

  test("is erased later when OpenClaw cannot be reached, and stays deleted", async () => {
    const store = await cell.start();
    await store.replace([spec()]);
    cell.agentsWithData = ["support"];
    await store.replace([]);
    cell.up = false;
    await store.tidy();
    expect(cell.logged.at(-1)).toBe("warn deleted agents not erased yet");
    expect(store.agents).toEqual([]);
    expect(erasing()).toBe("support\n");
  });

  test("that is the default agent goes back to what every tenant has and loses nothing", async () => {
    const store = await cell.start();
    await store.replace([spec({ id: "default", name: "Chief" })]);
    cell.agentsWithData = ["main"];
    await store.replace([]);
    await store.tidy();
    expect(entries()).toEqual({ main: { workspace: "/state/workspace" } });
    expect(erasing()).toBe("");
    expect(cell.calls).toEqual([]);
  });
});
