import type { AuditLog } from "../audit/index.ts";
import type { Database } from "../state/index.ts";

export interface ReadinessDeps {
  readonly draining: () => boolean;
  readonly audit: Pick<AuditLog, "ready">;
  readonly database: Pick<Database, "healthy">;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** As long as that, budgets serve from leases without the database (runtime/budget, VALID_MS). */
const LEASES_MS = 30_000;

/** Whether requests should be sent here: they can be recorded, and their budgets can be reserved. */
export class Readiness {
  readonly #deps: ReadinessDeps;
  #lastHealthyMs: number;

  constructor(deps: ReadinessDeps) {
    this.#deps = deps;
    this.#lastHealthyMs = deps.nowMs();
  }

  async check(): Promise<boolean> {
    const { draining, audit, database, nowMs } = this.#deps;
    if (draining()) return false;
    const [recordable, reachable] = await Promise.all([audit.ready(), database.healthy()]);
    if (reachable) this.#lastHealthyMs = nowMs();
    return recordable && nowMs() - this.#lastHealthyMs < LEASES_MS;
  }
}
