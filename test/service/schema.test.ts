import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, migrate, openDatabase, requireSchema } from "../../runtime/state/index.ts";
import { MIGRATIONS } from "../../runtime/state/migrations/index.ts";
import { PostgresServer } from "../support/postgres.ts";

let server: PostgresServer;
let settings: Awaited<ReturnType<PostgresServer["createDatabase"]>>;
let owner: Database;
let router: Database;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.close());
beforeEach(async () => {
  settings = await server.createDatabase();
  owner = await openDatabase(settings("front_door"));
  router = await openDatabase(settings("router"));
});
afterEach(async () => {
  await owner.close();
  await router.close();
});

const FIRST = MIGRATIONS.slice(0, 1);
const extra = { id: MIGRATIONS.length + 1, name: "one more", statements: ["ALTER TABLE agents ADD COLUMN mood text"] };

describe("the schema on a real server", () => {
  test("comes up on an empty database, with replicas that migrate at the same time", async () => {
    const second = await openDatabase(settings("front_door"));
    await Promise.all([migrate(owner), migrate(second), migrate(owner)]);
    const rows = await owner.query<{ id: number }>("SELECT id FROM schema_migrations ORDER BY id");
    expect(rows.map(({ id }) => id)).toEqual(MIGRATIONS.map(({ id }) => id));
    await second.close();
  });

  test("goes forward on a filled database and leaves every row as it was", async () => {
    await migrate(owner, { migrations: MIGRATIONS });
    await owner.query("INSERT INTO agents VALUES ('acme', 'a', 'A', 'be kind', '[\"x\"]', now(), now(), 'k')");
    await owner.query("INSERT INTO budget_periods VALUES ('acme', 'tenant', '', '2026-11', 100, 40, 10, 0, 0)");
    await migrate(owner, { migrations: [...MIGRATIONS, extra] });
    expect(await owner.query("SELECT id, instructions, skills, mood FROM agents")).toEqual([
      { id: "a", instructions: "be kind", skills: ["x"], mood: null },
    ]);
    expect(await owner.query("SELECT spent_micro_usd FROM budget_periods")).toEqual([{ spent_micro_usd: 40 }]);
  });

  test("a step that fails leaves nothing behind", async () => {
    await migrate(owner);
    const broken = { ...extra, statements: ["CREATE TABLE half ()", "SELECT no_such_function()"] };
    await expect(migrate(owner, { migrations: [...MIGRATIONS, broken] })).rejects.toMatchObject({ code: "42883" });
    expect(await owner.query("SELECT to_regclass('half')::text AS half")).toEqual([{ half: null }]);
    await expect(migrate(owner)).resolves.toBeUndefined();
  });

  test("a newer database and a changed step are refused", async () => {
    await migrate(owner, { migrations: [...MIGRATIONS, extra] });
    await expect(migrate(owner)).rejects.toThrow("[state/newer-schema]");
    await expect(requireSchema(router)).rejects.toThrow("[state/newer-schema]");
    const changed = { ...extra, statements: ["SELECT 1"] };
    await expect(migrate(owner, { migrations: [...MIGRATIONS, changed] })).rejects.toThrow("[state/changed-migration]");
  });

  test("the router waits for the schema and says what is missing when it does not come", async () => {
    await expect(requireSchema(router, { waitMs: 0 })).rejects.toThrow("[state/no-schema] database: got schema 0");
    const waiting = requireSchema(router);
    await migrate(owner);
    await waiting;
  });

  test("the router reads and writes budgets and nothing else", async () => {
    await migrate(owner);
    for (const table of ["api_keys", "key_revocations", "agents", "replicas"]) {
      await expect(router.query(`SELECT * FROM ${table}`)).rejects.toMatchObject({ code: "42501" });
    }
    await expect(router.query("DELETE FROM usage_monthly")).rejects.toMatchObject({ code: "42501" });
    await expect(router.query("CREATE TABLE mine ()")).rejects.toMatchObject({ code: "42501" });
    await expect(
      router.query("SELECT count(*) FROM budget_periods, budget_leases, usage_monthly"),
    ).resolves.toHaveLength(1);
  });

  test("rights that a former version gave are taken back", async () => {
    await migrate(owner, { migrations: MIGRATIONS });
    await owner.query("GRANT SELECT ON api_keys TO router");
    await migrate(owner);
    await expect(router.query("SELECT * FROM api_keys")).rejects.toMatchObject({ code: "42501" });
  });

  test("a server that is not there is waited for, and named when it does not come", async () => {
    await server.down("fast");
    await expect(migrate(owner, { waitMs: 0 })).rejects.toThrow("[state/unreachable] database: got");
    const waiting = migrate(owner);
    await server.up();
    await waiting;
  });
});

describe("queries on a real server", () => {
  test("64-bit integers are numbers, and refused where a number would lie", async () => {
    expect(await owner.query("SELECT 9007199254740991::bigint AS most")).toEqual([{ most: Number.MAX_SAFE_INTEGER }]);
    await expect(owner.query("SELECT 9007199254740993::bigint AS more")).rejects.toThrow(RangeError);
    expect(await owner.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("a transaction is all or nothing, also when its work hides an error", async () => {
    await migrate(owner, { migrations: FIRST }).catch(() => {});
    await owner.query("CREATE TABLE IF NOT EXISTS t (n int PRIMARY KEY)");
    await expect(
      owner.transaction(async (tx) => {
        await tx.query("INSERT INTO t VALUES (1)");
        await tx.query("SELECT nonsense").catch(() => {});
      }),
    ).rejects.toThrow("rolled back");
    await expect(
      owner.transaction(async (tx) => {
        await tx.query("INSERT INTO t VALUES (1)");
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await owner.query("SELECT * FROM t")).toEqual([]);
  });

  test("connections that break under a transaction or while idle end no process and are replaced", async () => {
    await owner.query("SELECT 1");
    const broken = owner.transaction(async (tx) => {
      await tx.query("SELECT 1");
      await server.dropConnections();
      await tx.query("SELECT 1");
    });
    await expect(broken).rejects.toThrow();
    await expect.poll(() => owner.healthy()).toBe(true);
    await server.down("crash");
    expect(await owner.healthy()).toBe(false);
    await server.up();
    await expect.poll(() => owner.query("SELECT 2 AS two").catch(() => [])).toEqual([{ two: 2 }]);
  });
});

describe("listening on a real server", () => {
  test("messages arrive again after the connection was lost, and the gap is said", async () => {
    const heard: string[] = [];
    const handlers = {
      onMessage: (payload: string) => heard.push(payload),
      onGap: () => heard.push("GAP"),
      onLost: () => heard.push("LOST"),
    };
    const unlisten = await owner.listen("news", handlers);
    await owner.query("SELECT pg_notify('news', 'one')");
    await expect.poll(() => heard).toEqual(["one"]);
    await server.down("fast");
    await expect.poll(() => heard).toEqual(["one", "LOST"]);
    await server.up();
    await expect.poll(() => heard, { timeout: 15_000 }).toEqual(["one", "LOST", "GAP"]);
    await expect
      .poll(() =>
        owner.query("SELECT pg_notify('news', 'two')").then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await expect.poll(() => heard).toEqual(["one", "LOST", "GAP", "two"]);
    await unlisten();
    await owner.query("SELECT pg_notify('news', 'three')");
    await owner.query("SELECT 1");
    expect(heard).toHaveLength(4);
  });

  test("two channels share a connection and hear only their own", async () => {
    const heard: string[] = [];
    const on = (name: string) => ({
      onMessage: (text: string) => heard.push(`${name} ${text}`),
      onGap: () => {},
      onLost: () => {},
    });
    await owner.listen("left", on("left"));
    await owner.listen("right", on("right"));
    await owner.query("SELECT pg_notify('right', 'r'), pg_notify('left', 'l')");
    await expect.poll(() => [...heard].sort()).toEqual(["left l", "right r"]);
    expect(await owner.query("SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")).toEqual([
      { n: 1 },
    ]);
  });

  test("a listener that starts while the server is away is told, and hears when it is back", async () => {
    await server.down("fast");
    const heard: string[] = [];
    await owner.listen("news", {
      onMessage: (payload) => heard.push(payload),
      onGap: () => heard.push("GAP"),
      onLost: () => heard.push("LOST"),
    });
    expect(heard).toEqual(["LOST"]);
    await server.up();
    await expect.poll(() => heard, { timeout: 15_000 }).toEqual(["LOST", "GAP"]);
  });
});
