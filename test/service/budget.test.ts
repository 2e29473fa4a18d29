import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readUsage } from "../../runtime/budget/index.ts";
import { SqlBudgetStore } from "../../runtime/budget/store.ts";
import { type Database, migrate, openDatabase } from "../../runtime/state/index.ts";
import { PostgresServer } from "../support/postgres.ts";
import { bundleSpender, Oracle, Spender } from "./spender-process.ts";

const LIMIT = 1_000_000;

let server: PostgresServer;
let program: ReturnType<typeof bundleSpender>;
let settings: Awaited<ReturnType<PostgresServer["createDatabase"]>>;
let owner: Database;
let oracle: Oracle;
const started: Spender[] = [];

beforeAll(async () => {
  program = bundleSpender();
  server = await PostgresServer.start();
});
afterAll(async () => {
  await server.close();
  program.remove();
});
beforeEach(async () => {
  settings = await server.createDatabase();
  owner = await openDatabase(settings("front_door"));
  await migrate(owner);
  oracle = new Oracle();
});
afterEach(async () => {
  for (const spender of started.splice(0)) await spender.kill();
  await owner.close();
});

async function replica(): Promise<Spender> {
  const spender = await Spender.start(program.file, settings("router"), oracle);
  started.push(spender);
  return spender;
}

/** Ends every lease that is not renewed, without waiting a minute for it. */
async function leasesExpire(): Promise<void> {
  await owner.query("UPDATE budget_leases SET expires = expires - interval '1 hour'");
  await new SqlBudgetStore(owner).sweep("the test", 30_000);
}

async function account(tenant = "acme"): Promise<{ spent: number; leased: number; writtenOff: number }> {
  const { tenants } = await readUsage(owner, { tenant });
  const budget = tenants[0]?.budget;
  if (!budget) throw new Error("no budget");
  return { spent: budget.spent_micro_usd, leased: budget.reserved_micro_usd, writtenOff: budget.written_off_micro_usd };
}

describe("budgets shared over PostgreSQL", () => {
  test("two replicas with a thousand callers spend all that they may and not a micro-USD more", async () => {
    const [a, b] = [await replica(), await replica()];
    await Promise.all([a.go("acme", LIMIT, 500, 12, 4000), b.go("acme", LIMIT, 500, 12, 4000)]);
    await a.close();
    await b.close();
    const billed = oracle.billed.get("acme") ?? 0;
    expect(billed).toBeLessThanOrEqual(LIMIT);
    expect(billed).toBeGreaterThan(LIMIT * 0.9);
    expect(oracle.billed.get("acme/writer")).toBeLessThanOrEqual(LIMIT * 0.9);
    // Nothing is missing and nothing is made up: to the micro-USD, for the tenant, the agent and the usage.
    expect(await account()).toEqual({ spent: billed, leased: 0, writtenOff: 0 });
    const { tenants } = await readUsage(owner, { tenant: "acme" });
    expect(tenants[0]?.scopes).toMatchObject([{ kind: "agent", spent_micro_usd: oracle.billed.get("acme/writer") }]);
    expect(tenants[0]?.models).toMatchObject([{ provider: "echo", cost_micro_usd: billed }]);
  });

  test("alerts are raised once, whichever replica sees them", async () => {
    const [a, b] = [await replica(), await replica()];
    await Promise.all([a.go("acme", LIMIT, 900, 12, 4000), b.go("acme", LIMIT, 900, 12, 4000)]);
    await a.close();
    await b.close();
    const own = oracle.alerts.filter((alert) => alert.startsWith("acme "));
    expect([...own].sort()).toEqual(["acme 100", "acme 50", "acme 80"]);
    const all = oracle.alerts.length;
    expect(new Set(oracle.alerts).size).toBe(all);
  });

  test.each([5, 20, 60, 150, 400])("kill -9 of a replica after %i ms overspends nothing", async (afterMs) => {
    const [a, b] = [await replica(), await replica()];
    a.go("acme", LIMIT, 500, 8, 4000).catch(() => {});
    const rest = b.go("acme", LIMIT, 500, 8, 4000);
    await sleep(afterMs);
    await a.kill();
    await rest;
    const c = await replica();
    await c.go("acme", LIMIT, 200, 2, 2000);
    await leasesExpire();
    await Promise.all([b.go("acme", LIMIT, 200, 2, 1000), c.go("acme", LIMIT, 200, 2, 1000)]);
    await b.close();
    await c.close();
    const billed = oracle.billed.get("acme") ?? 0;
    const { spent, leased, writtenOff } = await account();
    expect(billed).toBeLessThanOrEqual(spent);
    expect(spent).toBeLessThanOrEqual(LIMIT);
    expect(leased).toBe(0);
    expect(spent - billed).toBeLessThanOrEqual(writtenOff);
  });

  test("a replica that hung while its leases were written off corrects them and overspends nothing", async () => {
    const [a, b] = [await replica(), await replica()];
    const first = a.go("acme", LIMIT, 100, 3, 4000);
    await sleep(15);
    a.pause();
    await leasesExpire();
    await b.go("acme", LIMIT, 300, 3, 4000);
    a.resume();
    await first;
    await a.close();
    await b.close();
    const billed = oracle.billed.get("acme") ?? 0;
    expect(billed).toBeLessThanOrEqual(LIMIT);
    expect(await account()).toEqual({ spent: billed, leased: 0, writtenOff: 0 });
  });

  test.each(["fast", "crash"] as const)(
    "a server that goes down (%s) and comes back loses and makes no money",
    async (how) => {
      const [a, b] = [await replica(), await replica()];
      const load = Promise.all([a.go("acme", LIMIT, 200, 10, 3000), b.go("acme", LIMIT, 200, 10, 3000)]);
      await sleep(40);
      await server.down(how);
      await sleep(100);
      await server.up();
      await load;
      await b.go("acme", LIMIT, 100, 2, 3000);
      await a.close();
      await b.close();
      const billed = oracle.billed.get("acme") ?? 0;
      expect(billed).toBeLessThanOrEqual(LIMIT);
      expect(await account()).toEqual({ spent: billed, leased: 0, writtenOff: 0 });
      expect(oracle.notices).not.toContain("budget/closed-early");
    },
  );
});
