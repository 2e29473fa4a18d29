import type { Lease } from "./lease.ts";
import { checkMicroUsd } from "./scope.ts";

/** Money set aside for one call of a model. Exactly one of `settle` and `release` ends it, once; later calls throw. */
export interface Reservation {
  readonly amountMicroUsd: number;
  /** The month that it counts in for the first scope, such as `2026-11`, whenever it is settled. */
  readonly month: string;
  /** The call cost this much. More than was reserved counts in full, and is a mistake in the worst case that is reported. */
  settle(actualMicroUsd: number): void;
  /** The call cost nothing. */
  release(): void;
}

/** A reservation out of leases of this process: ending it is arithmetic. */
export class LeasedReservation implements Reservation {
  readonly amountMicroUsd: number;
  readonly #leases: readonly Lease[];
  readonly #onExceeded: (reservation: Reservation, actualMicroUsd: number) => void;
  #isOver = false;

  constructor(
    leases: readonly Lease[],
    amountMicroUsd: number,
    onExceeded: (reservation: Reservation, actualMicroUsd: number) => void,
  ) {
    this.#leases = leases;
    this.amountMicroUsd = amountMicroUsd;
    this.#onExceeded = onExceeded;
  }

  get month(): string {
    return this.months[0] ?? "";
  }

  /** The month by scope, in the order asked for: in the last instant of a month they can differ. */
  get months(): readonly string[] {
    return this.#leases.map(({ month }) => month);
  }

  settle(actualMicroUsd: number): void {
    checkMicroUsd(actualMicroUsd);
    this.#end();
    for (const lease of this.#leases) {
      lease.reserved -= this.amountMicroUsd;
      lease.spent += actualMicroUsd;
    }
    if (actualMicroUsd > this.amountMicroUsd) this.#onExceeded(this, actualMicroUsd);
  }

  release(): void {
    this.#end();
    for (const lease of this.#leases) lease.reserved -= this.amountMicroUsd;
  }

  #end(): void {
    if (this.#isOver) throw new Error("a reservation is settled or released once");
    this.#isOver = true;
  }
}
