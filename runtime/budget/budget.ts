import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Queries } from "../state/index.ts";
import { Ledger } from "./ledger.ts";
import type { BudgetAlert, BudgetNotice } from "./ledger-deps.ts";
import type { Reservation } from "./reservation.ts";
import type { BudgetScope } from "./scope.ts";
import { SqlBudgetStore } from "./store.ts";
import type { UsageRow } from "./usage-buffer.ts";

const TICK_MS = 1000;
const TICKS_A_SWEEP = 30;

export interface BudgetOptions {
  readonly db: Queries;
  /** Every scope of the settings: their limits are written at the start, so that a limit that was raised is known to all. */
  readonly scopes: readonly BudgetScope[];
  /** Shares of a tenant's budgets at which an alert is raised, in percent. */
  readonly alertPercents: (tenant: string) => readonly number[];
  readonly onAlert: (alert: BudgetAlert) => void;
  readonly notify: (notice: BudgetNotice) => void;
  /** Monotonic milliseconds. @default performance.now */
  readonly nowMs?: () => number;
}

/**
 * Monthly budgets, shared by all replicas over one database, never overspent by a micro-USD.
 *
 * The worst case of a call is reserved before it and settled after it. Reserving takes from leases in memory; a lease is
 * a part of the budget that the database has set aside for this process. What a process that is killed had leased and
 * not proved unspent is counted as spent: at most a hundredth of the limit and a sixteenth of what was left, a scope,
 * and what was reserved at that moment.
 */
export class Budget {
  readonly #ledger: Ledger;
  readonly #timer: NodeJS.Timeout;
  readonly #notify: BudgetOptions["notify"];

  private constructor(ledger: Ledger, notify: BudgetOptions["notify"]) {
    this.#ledger = ledger;
    this.#notify = notify;
    let ticks = 0;
    this.#timer = setInterval(() => {
      ledger.tick();
      ticks += 1;
      if (ticks % TICKS_A_SWEEP === 0) void ledger.sweep();
    }, TICK_MS).unref();
  }

  /** Needs the schema. @throws whatever the database throws when it cannot be asked. */
  static async open(options: BudgetOptions): Promise<Budget> {
    const store = new SqlBudgetStore(options.db);
    const deps = {
      store,
      holder: randomUUID(),
      nowMs: options.nowMs ?? (() => performance.now()),
      soon: (work: () => void) => void setImmediate(work),
      alertPercents: options.alertPercents,
      onAlert: options.onAlert,
      notify: options.notify,
    };
    const ledger = new Ledger(deps, await store.month());
    await ledger.sweep();
    ledger.declare(options.scopes);
    if (!(await ledger.flush())) throw new Error("the limits could not be written to the database");
    return new Budget(ledger, options.notify);
  }

  /**
   * Sets an amount aside in all scopes or in none: at once when the leases have room, otherwise after one round trip.
   * A limit that changed counts from the next round trip on, which a changed limit asks for.
   *
   * @param scopes at least one, each once.
   * @throws BudgetRefusal or rejects with it: `budget/exceeded`, `budget/unavailable`.
   * @throws RangeError when the amount is no whole number of micro-USD.
   */
  reserve(scopes: readonly BudgetScope[], amountMicroUsd: number): Reservation | Promise<Reservation> {
    return this.#ledger.reserve(scopes, amountMicroUsd);
  }

  /** Counts one call for `usage_monthly`; written within a second or two, each row once. */
  recordUsage(row: UsageRow): void {
    this.#ledger.recordUsage(row);
  }

  /** Writes what was spent and used, and gives the leases back. Reservations should have ended before. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (await this.#ledger.close()) return;
    const message = "closed before everything was settled and written; the rest of the leases will be counted as spent";
    this.#notify({ level: "error", code: "budget/closed-early", message });
  }
}
