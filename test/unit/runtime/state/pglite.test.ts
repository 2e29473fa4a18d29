import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readUsage, watchBudgets } from "../../../../runtime/budget/index.ts";
import { SqlBudgetStore } from "../../../../runtime/budget/store.ts";
import { type Database, migrate, openDatabase, requireSchema } from "../../../../runtime/state/index.ts";

let db: Database;
beforeAll(async () => {
  db = await openDatabase({ kind: "pglite" });
  await migrate(db);
}, 30_000);
afterAll(() => db.close());

const item = {
  ...{ serial: 1, tenant: "acme", kind: "tenant", id: "", limit: 1000, spent: 0, keep: 0, need: 100, cushion: 0 },
  ...{ final: false, fresh: true, refused: false, seen: 0 },
};
const usageRow = {
  ...{ tenant: "acme", month: null, agent: "", provider: "p", model: "m" },
  ...{ requests: 2, cached: 1, tokens_in: 10, tokens_out: 20, cost: 30 },
};
const request = { holder: "h", items: [item], usage: { seq: 1, rows: [usageRow] }, validMs: 30_000, graceMs: 30_000 };

describe("PGlite as the database of one process", () => {
  test("has the same schema, and migrating again changes nothing", async () => {
    await migrate(db);
    await requireSchema(db, { waitMs: 0 });
  });

  test("64-bit integers are numbers, and refused where a number would lie", async () => {
    expect(await db.query("SELECT 12::bigint AS n, $1::jsonb AS j", [JSON.stringify({ a: [1] })])).toEqual([
      { n: 12, j: { a: [1] } },
    ]);
    await expect(db.query("SELECT 9007199254740993::bigint AS more")).rejects.toThrow(RangeError);
  });

  test("a transaction is all or nothing", async () => {
    const work = db.transaction(async (tx) => {
      await tx.query("INSERT INTO replicas VALUES ('k', 'x', now())");
      throw new Error("changed my mind");
    });
    await expect(work).rejects.toThrow("changed my mind");
    expect(await db.query("SELECT * FROM replicas")).toEqual([]);
  });

  test("an error of the server has the code that PostgreSQL gives it", async () => {
    await db.query("INSERT INTO replicas VALUES ('twice', 'x', now())");
    await expect(db.query("INSERT INTO replicas VALUES ('twice', 'x', now())")).rejects.toMatchObject({
      code: "23505",
    });
    await db.query("TRUNCATE replicas");
  });

  test("listeners hear until they stop, and on channels with a plain name only", async () => {
    const heard: string[] = [];
    const stop = await db.listen("news", { onMessage: (text) => heard.push(text), onGap: () => {}, onLost: () => {} });
    await db.query("SELECT pg_notify('news', 'one')");
    await stop();
    await db.query("SELECT pg_notify('news', 'two')");
    expect(heard).toEqual(["one"]);
    await expect(db.listen('x"; DROP', { onMessage: () => {}, onGap: () => {}, onLost: () => {} })).rejects.toThrow();
  });

  test("a directory has one owner, and keeps what was written", async () => {
    const directory = mkdtempSync(join(tmpdir(), "breakwater-state-"));
    const first = await openDatabase({ kind: "pglite", directory });
    await first.query("CREATE TABLE kept (n int)");
    await expect(openDatabase({ kind: "pglite", directory })).rejects.toThrow("[state/in-use]");
    await first.close();
    const second = await openDatabase({ kind: "pglite", directory });
    expect(await second.query("SELECT * FROM kept")).toEqual([]);
    await second.close();
    rmSync(directory, { recursive: true });
  }, 30_000);
});

describe("usage and used-up tenants", () => {
  test("are reported as the leases and the usage say, usage once however often it is sent", async () => {
    const store = new SqlBudgetStore(db);
    await store.sync({ ...request, seq: 1 });
    await store.sync({ ...request, seq: 2 });
    const { month, tenants } = await readUsage(db, { tenant: "acme" });
    expect(month).toBe(await store.month());
    const row = { requests: 2, cached_requests: 1, tokens_in: 10, tokens_out: 20, cost_micro_usd: 30 };
    expect(tenants).toEqual([
      {
        tenant: "acme",
        budget: { limit_micro_usd: 1000, spent_micro_usd: 0, reserved_micro_usd: 100, written_off_micro_usd: 0 },
        scopes: [],
        models: [{ agent: null, provider: "p", model: "m", ...row }],
      },
    ]);
    expect((await readUsage(db, { tenant: "other" })).tenants).toEqual([]);
    await expect(readUsage(db, { month: "2026-13" })).rejects.toThrow(RangeError);
  });

  test("a tenant is refused from the moment its month is used up until the month ends or the limit is raised", async () => {
    let nowMs = 0;
    const watch = await watchBudgets(db, { notify: () => {}, nowMs: () => nowMs });
    const store = new SqlBudgetStore(db);
    expect(watch.refusal("acme")).toBeUndefined();
    await store.sync({ ...request, seq: 3, items: [{ ...item, spent: 1000, keep: 1000, need: 0 }] });
    await expect.poll(() => watch.refusal("acme")?.resetsAt).toMatch(/^\d{4}-\d{2}-01T00:00:00.000Z$/);
    nowMs = 32 * 86_400_000;
    expect(watch.refusal("acme")).toBeUndefined();
    nowMs = 0;
    expect(watch.refusal("acme")).toBeDefined();
    await store.sync({ ...request, seq: 4, items: [{ ...item, limit: 2000, spent: 1000, keep: 1000, need: 0 }] });
    await expect.poll(() => watch.refusal("acme")).toBeUndefined();
    await watch.close();
  });
});
