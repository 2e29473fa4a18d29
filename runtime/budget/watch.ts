import { performance } from "node:perf_hooks";
import type { Database } from "../state/index.ts";
import { monthEnd } from "./scope.ts";

/** The channel on which the budget functions name a tenant whose month is used up, or no longer is. */
const CHANNEL = "budget";
const READ_EVERY_MS = 30_000;

export interface BudgetWatch {
  /** When a tenant's month is used up: the time at which it can go on, ISO 8601. Costs one look into a map. */
  refusal(tenant: string): { readonly resetsAt: string } | undefined;
  close(): Promise<void>;
}

/** What the watch reads from the world. */
export interface BudgetWatchDeps {
  readonly notify: (notice: { readonly level: "warn"; readonly message: string; readonly error: unknown }) => void;
  /** Monotonic milliseconds. @default performance.now */
  readonly nowMs?: () => number;
}

interface UsedUp {
  readonly resetsAt: string;
  readonly untilMs: number;
}

/**
 * Tenants whose month is used up, for the front door to refuse early. The model router decides; this only saves the way
 * there, so what was read last is kept while the database is gone.
 *
 * @throws whatever the database throws when the first reading fails.
 */
export async function watchBudgets(db: Database, deps: BudgetWatchDeps): Promise<BudgetWatch> {
  const watch = new Watch(db, deps);
  await watch.read();
  const unlisten = await db.listen(CHANNEL, {
    onMessage: () => watch.readSoon(),
    onGap: () => watch.readSoon(),
    onLost: () => {},
  });
  const timer = setInterval(() => watch.readSoon(), READ_EVERY_MS).unref();
  watch.readSoon();
  return {
    refusal: (tenant) => watch.refusal(tenant),
    close: async () => {
      clearInterval(timer);
      await unlisten();
      await watch.settled();
    },
  };
}

class Watch {
  readonly #db: Database;
  readonly #deps: BudgetWatchDeps;
  readonly #nowMs: () => number;
  #usedUp: ReadonlyMap<string, UsedUp> = new Map();
  #reading: Promise<void> | undefined;
  #isStale = false;

  constructor(db: Database, deps: BudgetWatchDeps) {
    this.#db = db;
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? (() => performance.now());
  }

  refusal(tenant: string): { readonly resetsAt: string } | undefined {
    const usedUp = this.#usedUp.get(tenant);
    return usedUp !== undefined && this.#nowMs() < usedUp.untilMs ? usedUp : undefined;
  }

  /** Reads again; what arrives while a reading runs leads to one more, not to one each. */
  readSoon(): void {
    if (this.#reading !== undefined) {
      this.#isStale = true;
      return;
    }
    this.#reading = this.#readAll().finally(() => {
      this.#reading = undefined;
    });
  }

  async settled(): Promise<void> {
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    do {
      this.#isStale = false;
      try {
        await this.read();
      } catch (error) {
        this.#deps.notify({ level: "warn", message: "used-up budgets could not be read", error });
      }
    } while (this.#isStale);
  }

  async read(): Promise<void> {
    const askedMs = this.#nowMs();
    const rows = await this.#db.query<{ tenant: string; month: string; left_ms: number; used_up: boolean }>(
      `SELECT DISTINCT ON (tenant) tenant, month, spent_micro_usd >= limit_micro_usd AS used_up,
        floor(extract(epoch FROM budget_month_end(month) - budget_now()) * 1000)::bigint AS left_ms
      FROM budget_periods WHERE kind = 'tenant' ORDER BY tenant, month COLLATE "C" DESC`,
    );
    this.#usedUp = new Map(
      rows
        .filter(({ used_up }) => used_up)
        .map(({ tenant, month, left_ms }) => [tenant, { resetsAt: monthEnd(month), untilMs: askedMs + left_ms }]),
    );
  }
}
