import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LeaseReport, SqlBudgetStore, type SyncRequest } from "../../../../runtime/budget/store.ts";
import { type Database, migrate, openDatabase } from "../../../../runtime/state/index.ts";
import { ModelDatabase } from "./model-store.ts";

let db: Database;
beforeAll(async () => {
  db = await openDatabase({ kind: "pglite" });
  await migrate(db);
  await db.query("CREATE TABLE test_clock (at timestamptz)");
  await db.query(
    "CREATE OR REPLACE FUNCTION budget_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM test_clock'",
  );
}, 30_000);
afterAll(() => db.close());

type Move =
  | {
      readonly do: "sync";
      readonly holder: string;
      readonly seq: number;
      readonly items: readonly LeaseReport[];
      readonly usage: number;
    }
  | { readonly do: "sweep"; readonly holder: string }
  | { readonly do: "clock"; readonly ms: number };

const money = fc.oneof(fc.nat(50), fc.nat(3000), fc.nat(20_000));
const holder = fc.constantFrom("a", "b");
/** Anything that a process could say, and much that none of ours would. */
const report: fc.Arbitrary<LeaseReport> = fc
  .record({
    serial: fc.integer({ min: 1, max: 4 }),
    spent: money,
    keep: money,
    need: money,
    cushion: money,
    limit: fc.oneof(fc.constant(10_000), fc.nat(10_000), fc.constant(null)),
    final: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    fresh: fc.boolean(),
    refused: fc.boolean(),
    seen: fc.constantFrom(0, 50, 100),
  })
  // A lease keeps its scope.
  .map((item) => ({
    ...item,
    tenant: "acme",
    kind: item.serial === 4 ? "agent" : "tenant",
    id: item.serial === 4 ? "x" : "",
  }));
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("sync" as const),
      holder,
      seq: fc.nat(60),
      items: fc.uniqueArray(report, { minLength: 0, maxLength: 3, selector: ({ serial }) => serial }),
      usage: fc.nat(20),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sweep" as const), holder }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("clock" as const),
      ms: fc.constantFrom(1000, 61_000, 86_400_000 * 33, -3_600_000),
    }),
  },
);

async function reset(clockMs: number): Promise<void> {
  await db.query("TRUNCATE budget_periods, budget_leases, budget_holders, usage_monthly, test_clock");
  await db.query("INSERT INTO test_clock VALUES ($1)", [new Date(clockMs)]);
}

async function tables(): Promise<unknown> {
  const periods = await db.query<{ key: string }>(
    `SELECT concat_ws(' ', tenant, kind, id, month) AS key, limit_micro_usd AS limit, spent_micro_usd AS spent,
      leased_micro_usd AS leased, written_off_micro_usd AS "writtenOff", alerted_percent AS alerted FROM budget_periods`,
  );
  const leases = await db.query<{ key: string }>(
    `SELECT concat_ws(' ', holder, serial) AS key, month, state, granted_micro_usd AS granted, spent_micro_usd AS spent,
      alert_from AS "alertFrom", alert_to AS "alertTo" FROM budget_leases`,
  );
  const usage = await db.query("SELECT concat_ws(' ', tenant, month, model) AS key, requests FROM usage_monthly");
  return { periods: sorted(periods), leases: sorted(leases), usage: sorted(usage as { key: string }[]) };
}

const sorted = <T extends { key: string }>(rows: readonly T[]): readonly T[] =>
  [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));

function modelTables(model: ModelDatabase): unknown {
  return {
    periods: sorted([...model.periods].map(([key, period]) => ({ key, ...period }))),
    leases: sorted(
      [...model.leases].map(([key, { month, state, granted, spent, alertFrom, alertTo }]) => {
        return { key, month, state, granted, spent, alertFrom, alertTo };
      }),
    ),
    usage: sorted([...model.usage].map(([key, requests]) => ({ key, requests }))),
  };
}

function request({ holder, seq, items, usage }: Extract<Move, { do: "sync" }>): SyncRequest {
  const row = { tenant: "acme", month: null, agent: "", provider: "p", model: "m", requests: 1, cached: 0 };
  const rows = usage % 3 === 0 ? [] : [{ ...row, tokens_in: 1, tokens_out: 1, cost: 1 }];
  return { holder, seq, items, usage: { seq: usage, rows }, validMs: 30_000, graceMs: 30_000 };
}

describe("budget_sync and budget_sweep in PostgreSQL", () => {
  test("do what the model of the interleavings does, for anything that a process could send", async () => {
    const store = new SqlBudgetStore(db);
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 30, size: "max" }), async (moves) => {
        const model = new ModelDatabase(Date.parse("2026-11-20T00:00:00Z"), 60 * 86_400_000);
        await reset(model.clockMs);
        for (const one of moves) {
          if (one.do === "clock") {
            model.clockMs += one.ms;
            await db.query("UPDATE test_clock SET at = $1", [new Date(model.clockMs)]);
          } else if (one.do === "sweep") {
            expect(await store.sweep(one.holder, 30_000)).toEqual(model.sweep(one.holder, 30_000));
          } else {
            expect(await store.sync(request(one))).toEqual(model.sync(request(one)));
          }
        }
        expect(await tables()).toEqual(modelTables(model));
      }),
      { numRuns: 40 },
    );
  });
});
