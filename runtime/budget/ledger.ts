import type { Account } from "./account.ts";
import { Accounts } from "./accounts.ts";
import type { Lease } from "./lease.ts";
import { GRACE_MS, type LedgerDeps } from "./ledger-deps.ts";
import { Reporter } from "./reporter.ts";
import { LeasedReservation, type Reservation } from "./reservation.ts";
import { BudgetRefusal, type BudgetScope, checkMicroUsd } from "./scope.ts";
import { UsageBuffer, type UsageRow } from "./usage-buffer.ts";
import { Waiters } from "./waiters.ts";

/** A lease is reported at least this often. */
const RENEW_MS = 10_000;
/** A request waits no longer for the database. */
const WAIT_MS = 5000;

/**
 * This process's part of all budgets. Money is reserved from leases in memory; the database is asked in the background,
 * and by requests that find no room.
 */
export class Ledger {
  readonly #deps: LedgerDeps;
  readonly #accounts = new Accounts();
  readonly #usage = new UsageBuffer();
  readonly #waiters = new Waiters();
  readonly #reporter: Reporter;
  readonly #onExceeded: (reservation: Reservation, actualMicroUsd: number) => void;
  #isClosed = false;

  /** @param month what month it is, for refusals before the first lease. */
  constructor(deps: LedgerDeps, month: string) {
    this.#deps = deps;
    this.#reporter = new Reporter(deps, this.#usage, month, {
      onAnswers: () => this.#serve(),
      onGone: () => this.#waiters.refuseAll(this.#reporter.month),
    });
    this.#onExceeded = ({ amountMicroUsd }, actual) => {
      const message = `a call cost ${actual} micro-USD and ${amountMicroUsd} were reserved as its worst case`;
      deps.notify({ level: "error", code: "budget/worst-case-exceeded", message });
    };
  }

  /** See `Budget.reserve`. */
  reserve(scopes: readonly BudgetScope[], amountMicroUsd: number): Reservation | Promise<Reservation> {
    checkMicroUsd(amountMicroUsd);
    const nowMs = this.#deps.nowMs();
    const leases: Lease[] = [];
    for (const scope of scopes) {
      const account = this.#accounts.of(scope);
      if (account.scope.limitMicroUsd !== scope.limitMicroUsd) this.#setLimit(account, scope);
      const lease = this.#isClosed ? undefined : account.take(amountMicroUsd, nowMs);
      if (lease === undefined) {
        for (const taken of leases) taken.reserved -= amountMicroUsd;
        return this.#reserveLater(scopes, amountMicroUsd, nowMs);
      }
      leases.push(lease);
      if (account.isLow && !account.queued) this.#reporter.enqueue(account, false);
    }
    if (leases.length === 0) throw new RangeError("a reservation needs a scope");
    return new LeasedReservation(leases, amountMicroUsd, this.#onExceeded);
  }

  recordUsage(row: UsageRow): void {
    this.#usage.add(row);
  }

  /** Makes limits known without a reservation; `flush` tells whether that worked. */
  declare(scopes: readonly BudgetScope[]): void {
    for (const scope of scopes) {
      const account = this.#accounts.of(scope);
      account.setLimit(scope);
      this.#reporter.enqueue(account, false);
    }
  }

  /** Once a second: what was spent is reported, leases are renewed, surplus goes back. */
  tick(): void {
    const nowMs = this.#deps.nowMs();
    for (const account of this.#accounts) if (account.tick(nowMs, RENEW_MS)) this.#reporter.enqueue(account, false);
    this.#serve();
    this.#reporter.wake();
  }

  /** Counts leases of replicas that are gone as spent. */
  async sweep(): Promise<void> {
    try {
      for (const { kind, tenant, id, month, microUsd } of await this.#deps.store.sweep(this.#deps.holder, GRACE_MS)) {
        const whose = `${kind} ${id === "" ? tenant : `${tenant}/${id}`} in ${month}`;
        const message = `a replica is gone: ${microUsd} micro-USD of ${whose} are counted as spent`;
        this.#deps.notify({ level: "warn", code: "budget/lease-written-off", message });
      }
    } catch (error) {
      this.#reporter.lost(error);
    }
  }

  /** Reports all that was spent and used. @returns whether it is in the database. */
  flush(): Promise<boolean> {
    this.tick();
    return this.#reporter.flush();
  }

  /**
   * Refuses what comes from now on, and gives all leases back. What is still reserved then keeps its part of a lease,
   * which the other replicas will write off.
   * @returns whether everything had ended and is in the database.
   */
  async close(): Promise<boolean> {
    this.#isClosed = true;
    this.#waiters.refuseAll(this.#reporter.month);
    await this.#reporter.settled();
    for (const account of this.#accounts) {
      account.finish();
      if (account.holds) this.#reporter.enqueue(account, false);
    }
    const isFlushed = await this.#reporter.flush();
    return isFlushed && ![...this.#accounts].some((account) => account.hasReserved);
  }

  #setLimit(account: Account, scope: BudgetScope): void {
    if (account.setLimit(scope)) this.#reporter.enqueue(account, false);
  }

  #reserveLater(scopes: readonly BudgetScope[], amountMicroUsd: number, nowMs: number): Promise<Reservation> {
    const accounts = scopes.map((scope) => this.#accounts.of(scope));
    if (new Set(accounts).size !== accounts.length) throw new RangeError("a reservation names each scope once");
    for (const account of accounts) {
      const month = account.lease.month || this.#reporter.month;
      if (this.#isClosed || this.#reporter.isPaused(nowMs)) {
        throw new BudgetRefusal("budget/unavailable", account.scope, month);
      }
      if (account.refuses(amountMicroUsd, nowMs)) throw new BudgetRefusal("budget/exceeded", account.scope, month);
    }
    for (const account of accounts) account.want(amountMicroUsd, nowMs);
    const leases = this.#waiters.add(accounts, amountMicroUsd, nowMs);
    for (const account of accounts) if (account.waiters > 0) this.#reporter.enqueue(account, true);
    return leases.then((taken) => new LeasedReservation(taken, amountMicroUsd, this.#onExceeded));
  }

  /** All who can be served now are; the others' accounts are asked about again. */
  #serve(): void {
    if (this.#waiters.isEmpty) return;
    const lacking = this.#waiters.serve(this.#deps.nowMs(), WAIT_MS, this.#reporter.month);
    for (const account of lacking) this.#reporter.enqueue(account, true);
  }
}
