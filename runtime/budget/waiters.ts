import type { Account } from "./account.ts";
import type { Lease } from "./lease.ts";
import { BudgetRefusal, type BudgetRefusalCode } from "./scope.ts";

/** One request that waits for the database. */
interface Waiter {
  readonly accounts: readonly Account[];
  readonly amountMicroUsd: number;
  readonly sinceMs: number;
  readonly resolve: (leases: readonly Lease[]) => void;
  readonly reject: (refusal: BudgetRefusal) => void;
  /** Account that lacked room -> number of its last report before this wait began. */
  readonly joined: Map<Account, number>;
}

/**
 * Requests that wait for room, served in the order in which they came. One is refused only when a report that counted
 * its need was answered and there is too little still.
 */
export class Waiters {
  #queue: Waiter[] = [];

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** @returns the leases that the amount was reserved from, one an account. */
  add(accounts: readonly Account[], amountMicroUsd: number, nowMs: number): Promise<readonly Lease[]> {
    return new Promise((resolve, reject) => {
      const waiter = { accounts, amountMicroUsd, sinceMs: nowMs, resolve, reject, joined: new Map() };
      for (const account of accounts) {
        if (account.waiters > 0 || !account.hasRoom(amountMicroUsd, nowMs)) join(waiter, account);
      }
      this.#queue.push(waiter);
    });
  }

  /**
   * Serves and refuses whom it can.
   * @param month named in refusals of scopes that have no lease.
   * @returns the accounts that must be reported again for those who still wait.
   */
  serve(nowMs: number, waitMs: number, month: string): Set<Account> {
    const blocked = new Set<Account>();
    this.#queue = this.#queue.filter((waiter) => {
      const lacking = waiter.accounts.filter(
        (account) => blocked.has(account) || !account.hasRoom(waiter.amountMicroUsd, nowMs),
      );
      if (lacking.length === 0) return served(waiter);
      const empty = lacking.find((account) => isProved(waiter, account, nowMs) && !blocked.has(account));
      if (empty !== undefined) {
        empty.refuse(waiter.amountMicroUsd, nowMs);
        return refused(waiter, "budget/exceeded", empty, month);
      }
      if (nowMs - waiter.sinceMs > waitMs) return refused(waiter, "budget/unavailable", waiter.accounts[0], month);
      for (const account of lacking) {
        if (!waiter.joined.has(account)) join(waiter, account);
        blocked.add(account);
      }
      return true;
    });
    return blocked;
  }

  /** Refuses everybody: the database is gone. */
  refuseAll(month: string): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const waiter of queue) refused(waiter, "budget/unavailable", waiter.accounts[0], month);
  }
}

/** Whether the database has answered, about a lease that is still good, with this need in the question. */
function isProved({ joined }: Waiter, account: Account, nowMs: number): boolean {
  const before = joined.get(account);
  return before !== undefined && account.answered > before && nowMs < account.lease.endsMs;
}

function join(waiter: Waiter, account: Account): void {
  waiter.joined.set(account, account.sent);
  account.waiters += 1;
  account.waitingMicroUsd += waiter.amountMicroUsd;
}

function leave(waiter: Waiter): void {
  for (const account of waiter.joined.keys()) {
    account.waiters -= 1;
    account.waitingMicroUsd -= waiter.amountMicroUsd;
  }
}

/** @returns false: the waiter waits no longer. */
function served(waiter: Waiter): false {
  leave(waiter);
  waiter.resolve(waiter.accounts.map((account) => account.reserve(waiter.amountMicroUsd)));
  return false;
}

/** @returns false: the waiter waits no longer. */
function refused(waiter: Waiter, code: BudgetRefusalCode, account: Account | undefined, month: string): false {
  leave(waiter);
  if (account !== undefined) waiter.reject(new BudgetRefusal(code, account.scope, account.lease.month || month));
  return false;
}
