import { randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Ledger } from "../runtime/budget/ledger.ts";
import type { BudgetScope } from "../runtime/budget/scope.ts";
import { SqlBudgetStore } from "../runtime/budget/store.ts";
import { type Database, migrate, openDatabase } from "../runtime/state/index.ts";
import { bundleSpender, Oracle, Spender } from "../test/service/spender-process.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { median } from "./sample.ts";
import type { Figure } from "./table.ts";

const KILL_POINTS = 100;
const CALLERS_A_REPLICA = 500;
const CALLS_A_CALLER = 2;
/** In turn: so little that the calls want several times of it, and so much that what is lost shows by itself. */
const LIMITS_MICRO_USD = [1_000_000, 100_000_000] as const;
const WORST_MICRO_USD = 4000;
/** Kills fall anywhere in the life of the calls: they take a few to some tens of milliseconds each. */
const LATEST_KILL_MS = 80;

const HOT_CALLS = 200_000;
const HOT_ROUNDS = 7;
const TARGET_NS = 1000;

/** Overspend under kill -9 of real processes on a real database, and what a reservation costs where nothing waits. */
export async function benchBudget(): Promise<readonly Figure[]> {
  const server = await startPostgres();
  const program = bundleSpender();
  const owner = await openDatabase(server.settings("front_door"));
  try {
    await migrate(owner);
    const kills = await killPoints(owner, program.file, server.settings("router"));
    return [...killFigures(kills), hotFigure(await reservationNs(owner))];
  } finally {
    await owner.close();
    program.remove();
    await server.stop();
  }
}

/** What became of one budget while one of its two replicas was killed. */
interface KillPoint {
  readonly limitMicroUsd: number;
  readonly overspentMicroUsd: number;
  readonly billedMicroUsd: number;
  /** Counted as spent and neither billed nor reserved by a call that the kill cut off: lost for the month. */
  readonly lostMicroUsd: number;
}

/**
 * A fresh budget a kill point: a thousand callers of two processes spend from it, one process is killed at a random
 * moment, another takes its place, the dead one's leases expire, and the living spend what is left.
 */
async function killPoints(owner: Database, file: string, settings: unknown): Promise<readonly KillPoint[]> {
  const oracle = new Oracle();
  let living = await Spender.start(file, settings, oracle);
  let victim = await Spender.start(file, settings, oracle);
  const budgets = Array.from({ length: KILL_POINTS }, (_, point) => ({
    tenant: `t${point}`,
    limitMicroUsd: LIMITS_MICRO_USD[point % 2] ?? LIMITS_MICRO_USD[0],
  }));
  for (const { tenant, limitMicroUsd } of budgets) {
    const go = (spender: Spender) =>
      spender.go(tenant, limitMicroUsd, CALLERS_A_REPLICA, CALLS_A_CALLER, WORST_MICRO_USD);
    const killed = go(victim).catch(() => "killed");
    const served = go(living);
    await sleep(randomInt(LATEST_KILL_MS));
    await victim.kill();
    await killed;
    const next = await Spender.start(file, settings, oracle);
    await served;
    await expireLeases(owner);
    await Promise.all([go(living), go(next)]);
    // The older of the two dies next, so that a kill also finds leases of budgets from before.
    [victim, living] = [living, next];
  }
  await Promise.all([victim.close(), living.close()]);
  return Promise.all(budgets.map(({ tenant, limitMicroUsd }) => judge(owner, oracle, tenant, limitMicroUsd)));
}

/** Ends what is not renewed, without the minute that it takes. */
async function expireLeases(owner: Database): Promise<void> {
  await owner.query("UPDATE budget_leases SET expires = expires - interval '1 hour'");
  await new SqlBudgetStore(owner).sweep("bench", 30_000);
}

async function judge(owner: Database, oracle: Oracle, tenant: string, limitMicroUsd: number): Promise<KillPoint> {
  const billedMicroUsd = oracle.billed.get(tenant) ?? 0;
  const billedToAgent = oracle.billed.get(`${tenant}/writer`) ?? 0;
  const rows = await owner.query<{ kind: string; used: number; over: number }>(
    `SELECT kind, spent_micro_usd + leased_micro_usd AS used,
      greatest(0, spent_micro_usd + leased_micro_usd - limit_micro_usd) AS over
    FROM budget_periods WHERE tenant = $1`,
    [tenant],
  );
  const used = rows.find(({ kind }) => kind === "tenant")?.used ?? 0;
  const overspentMicroUsd =
    Math.max(0, billedMicroUsd - limitMicroUsd) +
    Math.max(0, billedToAgent - Math.floor(limitMicroUsd * 0.9)) +
    Math.max(0, billedMicroUsd - used) +
    rows.reduce((sum, { over }) => sum + over, 0);
  const lostMicroUsd = used - billedMicroUsd - (oracle.reservedInVain.get(tenant) ?? 0);
  return { limitMicroUsd, overspentMicroUsd, billedMicroUsd, lostMicroUsd };
}

function killFigures(points: readonly KillPoint[]): readonly Figure[] {
  const overspent = points.reduce((sum, point) => sum + point.overspentMicroUsd, 0);
  const [tight, ample] = LIMITS_MICRO_USD.map((limit) => points.filter(({ limitMicroUsd }) => limitMicroUsd === limit));
  const share = (point: KillPoint, microUsd: number) => (microUsd / point.limitMicroUsd) * 100;
  const billed = (tight ?? []).map((point) => share(point, point.billedMicroUsd));
  const lost = (ample ?? []).map((point) => share(point, point.lostMicroUsd));
  return [
    {
      what: `overspend, ${2 * CALLERS_A_REPLICA} concurrent calls x ${points.length} kill -9`,
      measured: `${overspent} micro-USD`,
      target: "0",
      met: overspent === 0 && points.length === KILL_POINTS,
    },
    {
      what: "  billed of a budget that the running calls alone could use up, median",
      measured: `${median(billed).toFixed(1)} %`,
      limit: "the worst case of the calls that the kill cut off: they may have been billed",
    },
    {
      what: "  lost of a budget of 50 times that, beyond those calls, median and most",
      measured: `${median(lost).toFixed(2)} %, ${Math.max(...lost).toFixed(2)} %`,
      limit: "room held ready, and reservations for calls that the kill came before",
    },
  ];
}

/** Nanoseconds of reserve and settle together, for a tenant and an agent, out of leases in hand. */
async function reservationNs(db: Database): Promise<number> {
  const ledger = new Ledger(
    {
      store: new SqlBudgetStore(db),
      holder: "bench-hot",
      nowMs: () => performance.now(),
      soon: (work) => void setImmediate(work),
      alertPercents: () => [],
      onAlert: () => {},
      notify: () => {},
    },
    "2026-01",
  );
  const tenant: BudgetScope = { kind: "tenant", tenant: "hot", id: "", limitMicroUsd: 10 ** 12 };
  const agent: BudgetScope = { kind: "agent", tenant: "hot", id: "writer", limitMicroUsd: 10 ** 12 };
  const scopes = [tenant, agent];
  const rounds: number[] = [];
  for (let round = 0; round <= HOT_ROUNDS; round += 1) {
    (await ledger.reserve(scopes, 1000)).settle(400);
    await ledger.flush();
    const start = performance.now();
    for (let call = 0; call < HOT_CALLS; call += 1) {
      const reservation = ledger.reserve(scopes, 1000);
      if (reservation instanceof Promise) throw new Error("the lease was not large enough for the bench");
      reservation.settle(call % 1000 === 0 ? 1 : 0);
    }
    if (round > 0) rounds.push(((performance.now() - start) / HOT_CALLS) * 1e6);
  }
  await ledger.close();
  return median(rounds);
}

function hotFigure(ns: number): Figure {
  return {
    what: "reserve + settle, two scopes, lease in hand",
    measured: `${Math.round(ns)} ns`,
    target: `<= ${TARGET_NS} ns`,
    met: ns <= TARGET_NS,
  };
}
