const MINUTE_MS = 60_000;

/**
 * How much one key or one tenant has left on this replica: a token bucket for its rate, a count for what runs.
 *
 * The bucket holds one minute's worth and fills evenly. Over any period of T seconds it grants at most
 * `perMinute * (1 + T / 60)` requests: after a pause all of a minute at once, and `perMinute` a minute in the long run.
 */
export class Bucket {
  /** Requests that run now. */
  running = 0;
  #tokens: number;
  #perMinute: number;
  #updatedMs: number;

  constructor(perMinute: number, nowMs: number) {
    this.#tokens = perMinute;
    this.#perMinute = perMinute;
    this.#updatedMs = nowMs;
  }

  /** Takes over a limit that has changed: what was used stays used. */
  fill(perMinute: number, nowMs: number): void {
    const passedMs = nowMs - this.#updatedMs;
    if (perMinute !== this.#perMinute) {
      const used = Math.max(0, this.#perMinute - this.#refilled(passedMs));
      this.#tokens = Math.max(0, perMinute - used);
      this.#perMinute = perMinute;
    } else this.#tokens = this.#refilled(passedMs);
    this.#updatedMs = nowMs;
  }

  /** Whole requests that could be taken now. */
  get remaining(): number {
    return Math.floor(this.#tokens);
  }

  take(): void {
    this.#tokens -= 1;
  }

  /** Milliseconds until one request can be taken; Infinity when never. */
  get waitMs(): number {
    if (this.#tokens >= 1) return 0;
    return this.#perMinute < 1 ? Number.POSITIVE_INFINITY : ((1 - this.#tokens) * MINUTE_MS) / this.#perMinute;
  }

  /** Milliseconds until it is full again. */
  get resetMs(): number {
    return this.#perMinute < 1 ? 0 : ((this.#perMinute - this.#tokens) * MINUTE_MS) / this.#perMinute;
  }

  /** Whether dropping it would change no answer. */
  isIdle(nowMs: number): boolean {
    return this.running === 0 && this.#refilled(nowMs - this.#updatedMs) >= this.#perMinute;
  }

  /** A clock that stands still or runs backwards refills nothing. */
  #refilled(passedMs: number): number {
    const gained = (Math.max(0, passedMs) * this.#perMinute) / MINUTE_MS;
    return Math.min(this.#perMinute, this.#tokens + gained);
  }
}
