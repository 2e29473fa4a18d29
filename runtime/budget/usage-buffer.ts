import type { UsageBatch, UsageDelta } from "./store.ts";

/** One call of a model, or one answer out of the cache. */
export interface UsageRow {
  readonly tenant: string;
  readonly agent: string | null;
  readonly provider: string;
  readonly model: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costMicroUsd: number;
  readonly cached: boolean;
  /** The month of the call's reservation; without it the month in which the row is written. */
  readonly month?: string;
}

type Sum = { -readonly [K in keyof UsageDelta]: UsageDelta[K] };

/** Sums usage up until it is written, and keeps what was sent until that is known to be written. */
export class UsageBuffer {
  #sums = new Map<string, Sum>();
  #sent: UsageBatch | undefined;
  #seq = 0;

  add({ tenant, agent, provider, model, tokensIn, tokensOut, costMicroUsd, cached, month }: UsageRow): void {
    const key = `${tenant}\n${month ?? ""}\n${agent ?? ""}\n${provider}\n${model}`;
    let sum = this.#sums.get(key);
    if (sum === undefined) {
      const none = { requests: 0, cached: 0, tokens_in: 0, tokens_out: 0, cost: 0 };
      sum = { tenant, month: month ?? null, agent: agent ?? "", provider, model, ...none };
      this.#sums.set(key, sum);
    }
    sum.requests += 1;
    sum.cached += cached ? 1 : 0;
    sum.tokens_in += tokensIn;
    sum.tokens_out += tokensOut;
    sum.cost += costMicroUsd;
  }

  get isEmpty(): boolean {
    return this.#sent === undefined && this.#sums.size === 0;
  }

  /** What to send: the same batch with the same number until {@link written}. */
  batch(): UsageBatch {
    if (this.#sent !== undefined) return this.#sent;
    if (this.#sums.size === 0) return { seq: 0, rows: [] };
    this.#seq += 1;
    this.#sent = { seq: this.#seq, rows: [...this.#sums.values()] };
    this.#sums = new Map();
    return this.#sent;
  }

  /** The last batch is in the database. */
  written(): void {
    this.#sent = undefined;
  }
}
