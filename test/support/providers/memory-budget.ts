import { BudgetRefusal, type BudgetScope, type Reservation, type UsageRow } from "../../../runtime/budget/index.ts";

/** How one reservation ended. */
export interface Ended {
  readonly reserved: number;
  /** Undefined while it is open; null: released. */
  settled: number | null | undefined;
}

/** A budget in memory that sees every reservation end exactly once. The real one is tested with it elsewhere. */
export class MemoryBudget {
  readonly reservations: Ended[] = [];
  readonly usage: UsageRow[] = [];
  readonly asked: (readonly BudgetScope[])[] = [];
  limitMicroUsd = Number.MAX_SAFE_INTEGER;
  spentMicroUsd = 0;
  reservedMicroUsd = 0;
  /** The most that was ever reserved and spent together. */
  peakMicroUsd = 0;
  /** Answers only later, as when leases are empty. */
  later = false;
  refusal: BudgetRefusal | undefined;

  reserve = (scopes: readonly BudgetScope[], amountMicroUsd: number): Reservation | Promise<Reservation> => {
    this.asked.push(scopes);
    if (!this.later) return this.#reserve(scopes, amountMicroUsd);
    return new Promise((resolve) => setImmediate(resolve)).then(() => this.#reserve(scopes, amountMicroUsd));
  };

  recordUsage = (row: UsageRow): void => void this.usage.push(row);

  #reserve(scopes: readonly BudgetScope[], amountMicroUsd: number): Reservation {
    const [scope] = scopes;
    if (this.refusal !== undefined) throw this.refusal;
    if (scope !== undefined && this.spentMicroUsd + this.reservedMicroUsd + amountMicroUsd > this.limitMicroUsd) {
      throw new BudgetRefusal("budget/exceeded", scope, "2026-11");
    }
    this.reservedMicroUsd += amountMicroUsd;
    this.peakMicroUsd = Math.max(this.peakMicroUsd, this.spentMicroUsd + this.reservedMicroUsd);
    const ended: Ended = { reserved: amountMicroUsd, settled: undefined };
    this.reservations.push(ended);
    const end = (actual: number | null): void => {
      if (ended.settled !== undefined) throw new Error("a reservation ended twice");
      ended.settled = actual;
      this.reservedMicroUsd -= amountMicroUsd;
      this.spentMicroUsd += actual ?? 0;
    };
    return {
      amountMicroUsd,
      month: "2026-11",
      settle: (actual) => end(actual),
      release: () => end(null),
    };
  }

  reset(): void {
    this.reservations.length = 0;
    this.usage.length = 0;
    this.asked.length = 0;
    this.spentMicroUsd = 0;
    this.reservedMicroUsd = 0;
    this.peakMicroUsd = 0;
    this.limitMicroUsd = Number.MAX_SAFE_INTEGER;
    this.later = false;
    this.refusal = undefined;
  }
}
