import type { Reservation } from "../../budget/index.ts";
import { costMicroUsd, type Price, type Tokens } from "../../prices/index.ts";
import { isPlausible } from "./worst-case.ts";

/** What one attempt came to. */
export interface Charge {
  /** The month that it counts in, such as `2026-11`. */
  readonly month: string;
  /** Null: the model has no price and the tenant allows that. */
  readonly microUsd: number | null;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** The provider's figures cannot be true: the bound was counted instead. */
  readonly absurd: boolean;
}

/** What an attempt can come to at most. */
export interface Bound {
  readonly price: Price | undefined;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/**
 * The money of one attempt: reserved at its worst case, closed exactly once. Closing again changes nothing, so that
 * whatever ends an attempt can close it without asking who was first.
 */
export class Money {
  readonly #reservation: Reservation;
  readonly #bound: Bound;
  #charge: Charge | undefined;

  constructor(reservation: Reservation, bound: Bound) {
    this.#reservation = reservation;
    this.#bound = bound;
  }

  /** Undefined until it is closed. */
  get charge(): Charge | undefined {
    return this.#charge;
  }

  /** The provider certainly did nothing. */
  nothing(): void {
    if (this.#charge !== undefined) return;
    this.#charge = { month: this.#reservation.month, microUsd: 0, tokensIn: 0, tokensOut: 0, absurd: false };
    this.#reservation.release();
  }

  /** The provider told its usage. Figures that cannot be true count as the worst case. */
  used(usage: Tokens): void {
    const { tokensIn, tokensOut } = this.#bound;
    if (isPlausible(usage) && usage.tokensIn <= tokensIn && usage.tokensOut <= tokensOut) this.#close(usage, false);
    else this.#close({ tokensIn, tokensOut, cachedIn: 0 }, true);
  }

  /** Nothing is known but that it was sent: everything that it could cost. */
  worst(): void {
    const { tokensIn, tokensOut } = this.#bound;
    this.#close({ tokensIn, tokensOut, cachedIn: 0 }, false);
  }

  /** The prompt, and at most so many tokens of the reply. */
  upTo(tokensOut: number): void {
    const { tokensIn } = this.#bound;
    this.#close({ tokensIn, tokensOut: Math.min(tokensOut, this.#bound.tokensOut), cachedIn: 0 }, false);
  }

  #close(tokens: Tokens, absurd: boolean): void {
    if (this.#charge !== undefined) return;
    const { price } = this.#bound;
    const { tokensIn, tokensOut } = tokens;
    const reserved = this.#reservation.amountMicroUsd;
    const microUsd = price === undefined ? null : Math.min(costMicroUsd(price, tokens), reserved);
    this.#charge = { month: this.#reservation.month, microUsd, tokensIn, tokensOut, absurd };
    this.#reservation.settle(microUsd ?? 0);
  }
}
