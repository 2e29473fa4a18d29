import type { AuditEntry } from "../audit/index.ts";
import type { Hit } from "../screening/index.ts";
import type { ErrorCode } from "./errors.ts";
import type { Charge } from "./money/settlement.ts";

/** Codes after which a request had been let: what failed came later. */
const LET = /^(?:provider|client|service)\//;

/** What is known of one request of a cell by its end: its audit record. */
export class Trail {
  readonly startedMs: number;
  readonly traceId: string;
  tenant: string | null = null;
  /** Id of the API key on whose behalf the cell asks. */
  principal: string | null = null;
  agent: string | null = null;
  provider: string | null = null;
  model: string | null = null;
  /** Answered from the cache: nothing was bought. */
  cached = false;
  /** Kept only when the log keeps content. */
  requestText: string | null = null;
  replyText: string | null = null;
  readonly #rules: string[] = [];
  #tokensIn: number | null = null;
  #tokensOut: number | null = null;
  #microUsd: number | null = null;

  constructor(startedMs: number, traceId: string) {
    this.startedMs = startedMs;
    this.traceId = traceId;
  }

  screened(hits: readonly Hit[]): void {
    for (const { rule, action } of hits) {
      const name = `${rule}:${action}`;
      if (!this.#rules.includes(name)) this.#rules.push(name);
    }
  }

  /** Adds one attempt. A request can pay for several: every one that may have been billed counts. */
  charged({ microUsd, tokensIn, tokensOut }: Omit<Charge, "month" | "absurd">): void {
    this.#tokensIn = (this.#tokensIn ?? 0) + tokensIn;
    this.#tokensOut = (this.#tokensOut ?? 0) + tokensOut;
    if (microUsd !== null) this.#microUsd = (this.#microUsd ?? 0) + microUsd;
  }

  entry(code: ErrorCode | "ok", status: number, nowMs: number, keepsContent: boolean): AuditEntry {
    return {
      kind: "model",
      tenant: this.tenant,
      principal: this.principal,
      role: null,
      action: this.cached ? "model:cached" : "model:complete",
      decision: code === "ok" || LET.test(code) ? "allow" : "deny",
      code,
      status,
      rules: this.#rules,
      agent: this.agent,
      model: this.model,
      provider: this.provider,
      conversation: null,
      tokens_in: this.#tokensIn,
      tokens_out: this.#tokensOut,
      cost_micro_usd: this.#microUsd,
      target: null,
      duration_ms: Math.max(0, Math.round(nowMs - this.startedMs)),
      trace_id: this.traceId,
      content: keepsContent ? { request: this.requestText, reply: this.replyText } : null,
    };
  }
}
