/** Requests whose share of repeats can be saved up: after a quiet hour no flood of them. */
const SAVED_REQUESTS = 100;

/**
 * Bounds repeats to a share of all requests, so that a failing provider does not get twice the load that it fails under.
 * Each request adds a share of a repeat; a few are there at the beginning, so that a single request can be repeated.
 */
export class RetryBudget {
  readonly #perRequest: number;
  readonly #most: number;
  #saved: number;

  /** @param percent repeats per hundred requests. */
  constructor(percent: number) {
    this.#perRequest = percent / 100;
    this.#most = percent === 0 ? 0 : Math.max(1, this.#perRequest * SAVED_REQUESTS);
    this.#saved = this.#most;
  }

  requested(): void {
    this.#saved = Math.min(this.#most, this.#saved + this.#perRequest);
  }

  /** Takes one repeat, or says that there is none. */
  take(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
