import type { FastifyBaseLogger } from "fastify";
import type { AuditEntry } from "../audit/index.ts";
import type { Budget } from "../budget/index.ts";
import type { PrincipalReader } from "../identity/index.ts";
import type { ServiceMetrics } from "../metrics/index.ts";
import type { Screen } from "../screening/index.ts";
import type { RetryBudget } from "./call/retry-budget.ts";
import type { Timeouts } from "./providers/provider.ts";
import type { CellKeys } from "./tenants/cell-keys.ts";
import type { Tenant } from "./tenants/tenant.ts";

/** The audit log as far as the router writes it. */
export interface AuditSink {
  appendThen(entry: AuditEntry, done: (error: Error | undefined) => void): void;
  readonly healthy: boolean;
}

/** What every request is served with. Made once. */
export interface Shell {
  readonly cellKeys: () => CellKeys;
  readonly principals: PrincipalReader;
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly audit: AuditSink;
  readonly keepsContent: boolean;
  readonly budget: Pick<Budget, "reserve" | "recordUsage">;
  readonly screen: Screen;
  readonly metrics: ServiceMetrics;
  readonly retryBudget: RetryBudget;
  readonly repeatsPerProvider: number;
  readonly timeouts: Timeouts;
  readonly maxBodyBytes: number;
  readonly load: Load;
  readonly log: FastifyBaseLogger;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly now: () => Date;
}

/** Bodies that are under way, so that many large ones cannot fill the memory. */
export class Load {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** One request always fits. */
  take(bytes: number): boolean {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
