/** When a provider is left alone, and for how long. */
export interface BreakerOptions {
  /** Failures in a row after which it opens. */
  readonly failures: number;
  readonly openMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Keeps requests away from a provider that fails: closed, open after so many failures in a row, and half open once the
 * time is over, when a single probe decides which of both it is.
 *
 * Whoever got `true` of {@link enter} calls exactly one of `succeeded`, `failed`, `left`.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #openedMs: number | undefined;
  #probing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Whether a request may be sent now. */
  enter(): boolean {
    if (this.#openedMs === undefined) return true;
    if (this.#probing || this.waitMs() > 0) return false;
    this.#probing = true;
    return true;
  }

  /** The provider answered, be it with a complaint about the request. */
  succeeded(): void {
    this.#failures = 0;
    this.#openedMs = undefined;
    this.#probing = false;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#probing || this.#failures >= this.#options.failures) this.#openedMs = this.#options.nowMs();
    this.#probing = false;
  }

  /** The request ended without saying anything about the provider: its cell went away. */
  left(): void {
    this.#probing = false;
  }

  /** Milliseconds until a probe is let through; 0 when one would be or the breaker is closed. */
  waitMs(): number {
    if (this.#openedMs === undefined) return 0;
    return Math.max(0, this.#openedMs + this.#options.openMs - this.#options.nowMs());
  }
}
