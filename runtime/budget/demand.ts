/** Rooms for so many of the largest recent reservations are held ready, more when that is not enough. */
const LEAST = 2;
const MOST = 4096;
/** Seconds without a shortage after which less is held. */
const CALM_TICKS = 5;

/**
 * How much room a scope likes to have ready, learned from what is asked of it: doubled when it ran low, less again
 * when it never does. What is held ready is what a crash writes off, so it is no more than that.
 */
export class Demand {
  #factor = LEAST;
  #largest = 0;
  #largestNow = 0;
  #calm = 0;

  /** One reservation was asked for. */
  saw(amountMicroUsd: number): void {
    if (amountMicroUsd > this.#largestNow) this.#largestNow = amountMicroUsd;
  }

  /** There was less room than wanted. */
  ranLow(): void {
    this.#factor = Math.min(MOST, this.#factor * 2);
    this.#calm = 0;
  }

  /** Once a second. */
  tick(): void {
    this.#largest = Math.max(this.#largestNow, Math.floor(this.#largest * 0.9));
    this.#largestNow = 0;
    this.#calm += 1;
    if (this.#calm > CALM_TICKS) this.#factor = Math.max(LEAST, Math.floor(this.#factor * 0.75));
  }

  get cushionMicroUsd(): number {
    return Math.min(this.#factor * Math.max(this.#largest, this.#largestNow), Number.MAX_SAFE_INTEGER);
  }
}
