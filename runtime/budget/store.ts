import type { Queries } from "../state/index.ts";

/** What a process says about one of its leases, and what it wants; see `budget_sync` in the migrations. */
export interface LeaseReport {
  readonly serial: number;
  readonly tenant: string;
  readonly kind: string;
  readonly id: string;
  /** Null where the limit is not ours to say: of a month that is over. */
  readonly limit: number | null;
  /** Total of the lease. */
  readonly spent: number;
  /** The grant does not fall below this total: the process goes on using it while it waits for the answer. */
  readonly keep: number;
  /** Reserved or waited for. */
  readonly need: number;
  /** Wanted besides. */
  readonly cushion: number;
  /** Nothing is reserved and nothing will be. */
  readonly final: boolean;
  /** No answer about this lease was seen yet. */
  readonly fresh: boolean;
  /** A request did not fit since the last report. */
  readonly refused: boolean;
  /** Percent up to which alerts were raised by this lease. */
  readonly seen: number;
}

/** One row of usage, summed up. */
export interface UsageDelta {
  readonly tenant: string;
  /** Null: the month that it is. */
  readonly month: string | null;
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  readonly requests: number;
  readonly cached: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cost: number;
}

/** Usage that is counted once however often it is sent: it keeps its number until an answer was seen. */
export interface UsageBatch {
  readonly seq: number;
  readonly rows: readonly UsageDelta[];
}

export interface SyncRequest {
  readonly holder: string;
  /** Greater than that of every earlier request of the holder. */
  readonly seq: number;
  readonly items: readonly LeaseReport[];
  readonly usage: UsageBatch;
  /** How long a lease lives without a report. */
  readonly validMs: number;
  /** How much later it is written off. */
  readonly graceMs: number;
}

/** What the database says about one lease. */
export interface LeaseAnswer {
  readonly serial: number;
  readonly state: "open" | "closed" | "written_off" | "corrected";
  readonly month: string;
  /** Total that the lease may spend. */
  readonly granted: number;
  /** What this lease could have held at most beyond its spending: limit less all that is spent or held by others. */
  readonly free: number;
  /** Of the whole scope in this month, what all leases reported. */
  readonly spent: number;
  readonly monthLeftMs: number;
  /** Alerts above `alertFrom` up to and with `alertTo` percent are this process's to raise. */
  readonly alertFrom: number;
  readonly alertTo: number;
}

/** What a sweep wrote off. */
export interface WriteOff {
  readonly tenant: string;
  readonly kind: string;
  readonly id: string;
  readonly month: string;
  readonly microUsd: number;
}

/** Where the replicas' leases are kept. */
export interface BudgetStore {
  /** One answer an item; none at all when a later request of the holder was there before. */
  sync(request: SyncRequest): Promise<readonly LeaseAnswer[]>;
  sweep(holder: string, graceMs: number): Promise<readonly WriteOff[]>;
  /** The month that it is by the database's clock, such as `2026-11`. */
  month(): Promise<string>;
}

/** A holder that was not seen for so long does not come back to correct what was written off. */
const FORGET_MS = 60 * 24 * 3_600_000;

/** {@link BudgetStore} in PostgreSQL: each call is one statement. */
export class SqlBudgetStore implements BudgetStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  sync({ holder, seq, items, usage, validMs, graceMs }: SyncRequest): Promise<readonly LeaseAnswer[]> {
    return this.#db.query<LeaseAnswer & object>(
      `SELECT o_serial AS serial, o_state AS state, o_month AS month, o_granted AS granted, o_free AS free,
        o_spent AS spent, o_month_left_ms AS "monthLeftMs", o_alert_from AS "alertFrom", o_alert_to AS "alertTo"
      FROM budget_sync($1, $2, $3::jsonb, $4, $5::jsonb, $6, $7)`,
      [holder, seq, JSON.stringify(items), usage.seq, JSON.stringify(usage.rows), validMs, graceMs],
    );
  }

  sweep(holder: string, graceMs: number): Promise<readonly WriteOff[]> {
    return this.#db.query<WriteOff & object>(
      `SELECT o_tenant AS tenant, o_kind AS kind, o_id AS id, o_month AS month, o_written_off AS "microUsd"
      FROM budget_sweep($1, $2, $3)`,
      [holder, graceMs, FORGET_MS],
    );
  }

  async month(): Promise<string> {
    const text = "SELECT to_char(budget_now() AT TIME ZONE 'UTC', 'YYYY-MM') AS month";
    const [row] = await this.#db.query<{ month: string }>(text);
    if (row === undefined) throw new Error("the database did not say which month it is");
    return row.month;
  }
}
