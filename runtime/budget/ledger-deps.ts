import type { BudgetScope } from "./scope.ts";
import type { BudgetStore } from "./store.ts";

/** A share of a budget that has been used up. Raised once a scope, month and share, by one of the replicas. */
export interface BudgetAlert {
  readonly scope: BudgetScope;
  readonly month: string;
  /** At 100 also raised when less than a twentieth is left and a request did not fit. */
  readonly percent: number;
  readonly spentMicroUsd: number;
  readonly limitMicroUsd: number;
}

/** Something about budgets that an operator should read. */
export interface BudgetNotice {
  readonly level: "info" | "warn" | "error";
  readonly code:
    | "budget/worst-case-exceeded"
    | "budget/database-lost"
    | "budget/database-back"
    | "budget/lease-written-off"
    | "budget/closed-early";
  readonly message: string;
  readonly error?: unknown;
}

/** What budgets read from the world, and whom they tell. The callbacks do not throw. */
export interface LedgerDeps {
  readonly store: BudgetStore;
  /** Names this start of this process and no other, ever. */
  readonly holder: string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Runs something soon, after what is running now: `setImmediate`. */
  readonly soon: (work: () => void) => void;
  readonly alertPercents: (tenant: string) => readonly number[];
  readonly onAlert: (alert: BudgetAlert) => void;
  readonly notify: (notice: BudgetNotice) => void;
}

/** How long a lease is used without an answer of the database. */
export const VALID_MS = 30_000;
/** How much longer the database waits before it writes a lease off. No money rests on two clocks agreeing. */
export const GRACE_MS = 30_000;
