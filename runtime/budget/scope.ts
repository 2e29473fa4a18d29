/** What a monthly limit is for. */
export interface BudgetScope {
  readonly kind: "tenant" | "agent" | "key";
  readonly tenant: string;
  /** The agent or key; "" for the tenant as a whole. */
  readonly id: string;
  /** Of a calendar month in UTC. */
  readonly limitMicroUsd: number;
}

/** Why money was not reserved. */
export type BudgetRefusalCode = "budget/exceeded" | "budget/unavailable";

/**
 * Refuses one request: `budget/exceeded` when the amount does not fit into what is left of the month,
 * `budget/unavailable` when that cannot be known because the database is gone.
 */
export class BudgetRefusal extends Error {
  override readonly name = "BudgetRefusal";
  readonly code: BudgetRefusalCode;
  readonly scope: BudgetScope;
  /** When the next month begins, ISO 8601. */
  readonly resetsAt: string;

  constructor(code: BudgetRefusalCode, scope: BudgetScope, month: string) {
    super(`[${code}] budget of ${scope.kind} ${scope.id === "" ? scope.tenant : `${scope.tenant}/${scope.id}`}`);
    this.code = code;
    this.scope = scope;
    this.resetsAt = monthEnd(month);
  }
}

/** The first instant after a month such as `2026-11`, ISO 8601. */
export function monthEnd(month: string): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)))).toISOString();
}

/** @throws RangeError unless it is an amount of money: a whole number of micro-USD, not negative. */
export function checkMicroUsd(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError("money is a whole number of micro-USD >= 0");
}
