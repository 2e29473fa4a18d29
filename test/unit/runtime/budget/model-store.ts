import type { LeaseAnswer, LeaseReport, SyncRequest, WriteOff } from "../../../../runtime/budget/store.ts";

/** A scope's month as the database keeps it. */
export interface ModelPeriod {
  limit: number;
  spent: number;
  leased: number;
  writtenOff: number;
  alerted: number;
}

interface ModelLease {
  readonly holder: string;
  readonly serial: number;
  readonly scope: string;
  readonly month: string;
  state: LeaseAnswer["state"];
  granted: number;
  spent: number;
  alertFrom: number;
  alertTo: number;
  expiresMs: number;
}

/**
 * What `budget_sync` and `budget_sweep` do, said a second time and in another language, so that many thousand
 * interleavings can be tried in a second. That both say the same is a test of its own.
 */
export class ModelDatabase {
  clockMs: number;
  readonly periods = new Map<string, ModelPeriod>();
  readonly leases = new Map<string, ModelLease>();
  readonly #holders = new Map<string, { seq: number; usageSeq: number; seenMs: number }>();
  readonly usage = new Map<string, number>();
  readonly notified: string[] = [];
  readonly #forgetMs: number;

  constructor(clockMs: number, forgetMs: number) {
    this.clockMs = clockMs;
    this.#forgetMs = forgetMs;
  }

  month(): string {
    return new Date(this.clockMs).toISOString().slice(0, 7);
  }

  sync({ holder, seq, items, usage, validMs, graceMs }: SyncRequest): readonly LeaseAnswer[] {
    const known = this.#holders.get(holder) ?? { seq: -1, usageSeq: 0, seenMs: 0 };
    if (seq <= known.seq) return [];
    known.seq = seq;
    known.seenMs = this.clockMs;
    this.#holders.set(holder, known);
    const sorted = [...items].sort((a, b) => compare(scopeOf(a), scopeOf(b)) || a.serial - b.serial);
    const answers = sorted.map((item) => this.#item(holder, item, validMs, graceMs));
    if (usage.seq > known.usageSeq) {
      known.usageSeq = usage.seq;
      for (const row of usage.rows) {
        const key = `${row.tenant} ${row.month ?? this.month()} ${row.model}`;
        this.usage.set(key, (this.usage.get(key) ?? 0) + row.requests);
      }
    }
    return answers;
  }

  sweep(holder: string, graceMs: number): readonly WriteOff[] {
    const scopes = [...new Set([...this.leases.values()].map(({ scope, month }) => `${scope} ${month}`))].sort();
    const writeOffs = scopes.flatMap((key) => {
      const microUsd = this.#writeOff(key, holder, graceMs);
      const [tenant = "", kind = "", id = "", month = ""] = key.split(" ");
      return microUsd === 0 ? [] : [{ tenant, kind, id, month, microUsd }];
    });
    this.#forget(this.clockMs - this.#forgetMs);
    return writeOffs;
  }

  #forget(beforeMs: number): void {
    for (const [key, { holder, state, expiresMs }] of this.leases) {
      const isDone = (state === "closed" || state === "corrected") && expiresMs < this.clockMs - 3_600_000;
      const isGone = state !== "open" && (this.#holders.get(holder)?.seenMs ?? 0) < beforeMs;
      if (isDone || isGone) this.leases.delete(key);
    }
    const holding = new Set([...this.leases.values()].map(({ holder }) => holder));
    for (const [holder, { seenMs }] of this.#holders) {
      if (seenMs < beforeMs && !holding.has(holder)) this.#holders.delete(holder);
    }
  }

  #item(holder: string, item: LeaseReport, validMs: number, graceMs: number): LeaseAnswer {
    const key = `${holder} ${item.serial}`;
    const scope = scopeOf(item);
    const found = this.leases.get(key);
    if (found === undefined && (!item.fresh || (item.final && item.limit === null))) {
      const nothing = { granted: 0, free: 0, spent: 0, monthLeftMs: 0, alertFrom: 0, alertTo: 0 };
      return { serial: item.serial, state: "closed", month: "", ...nothing };
    }
    const month = found?.month ?? this.#monthOf(item.tenant);
    const lease = found ?? this.#newLease(holder, item.serial, scope, month);
    const period = this.periods.get(`${scope} ${month}`) ?? {
      limit: 0,
      spent: 0,
      leased: 0,
      writtenOff: 0,
      alerted: 0,
    };
    const isKnown = this.periods.has(`${scope} ${month}`);
    this.periods.set(`${scope} ${month}`, period);
    const wasUsedUp = isKnown && period.spent >= period.limit;
    period.limit = item.limit ?? period.limit;
    this.#writeOff(`${scope} ${month}`, holder, graceMs);
    const isOpen = lease.state === "open";
    let free = 0;
    if (isOpen) {
      free = grant(period, lease, item);
      lease.expiresMs = this.clockMs + validMs;
    } else if (lease.state === "written_off" && item.final) {
      correct(period, lease, item.spent);
    }
    const isKept = found !== undefined || !item.final;
    if (item.seen >= lease.alertTo && isKept)
      alert(period, lease, item.refused && isOpen && free < floor(period.limit / 20));
    if (isKept) this.leases.set(key, lease);
    if (item.kind === "tenant" && wasUsedUp !== period.spent >= period.limit) this.notified.push(item.tenant);
    const { state, granted, alertFrom, alertTo } = lease;
    const monthLeftMs = floor(endOf(month) - this.clockMs);
    return { serial: item.serial, state, month, granted, free, spent: period.spent, monthLeftMs, alertFrom, alertTo };
  }

  #newLease(holder: string, serial: number, scope: string, month: string): ModelLease {
    const none = { granted: 0, spent: 0, alertFrom: 0, alertTo: 0, expiresMs: this.clockMs };
    return { holder, serial, scope, month, state: "open", ...none };
  }

  #monthOf(tenant: string): string {
    const seen = [...this.periods.keys()].filter((key) => key.startsWith(`${tenant} `)).map((key) => key.slice(-7));
    return [this.month(), ...seen].sort().at(-1) ?? "";
  }

  #writeOff(key: string, holder: string, graceMs: number): number {
    let sum = 0;
    for (const lease of this.leases.values()) {
      if (`${lease.scope} ${lease.month}` !== key || lease.state !== "open" || lease.holder === holder) continue;
      if (lease.expiresMs >= this.clockMs - graceMs) continue;
      lease.state = "written_off";
      sum += Math.max(0, lease.granted - lease.spent);
    }
    const period = this.periods.get(key);
    if (period !== undefined) {
      period.spent += sum;
      period.leased -= sum;
      period.writtenOff += sum;
    }
    return sum;
  }
}

function grant(period: ModelPeriod, lease: ModelLease, item: LeaseReport): number {
  const held = Math.max(0, lease.granted - lease.spent);
  period.spent += item.spent - lease.spent;
  const free = period.limit - period.spent - (period.leased - held);
  let hold = 0;
  if (item.final) {
    lease.state = "closed";
  } else {
    const cushion = Math.min(item.cushion, floor(Math.max(0, free - item.need) / 16), floor(period.limit / 100));
    hold = Math.max(Math.min(item.need + cushion, free), Math.min(item.keep, lease.granted) - item.spent, 0);
  }
  period.leased += hold - held;
  lease.spent = item.spent;
  lease.granted = item.spent + hold;
  return free;
}

function correct(period: ModelPeriod, lease: ModelLease, spent: number): void {
  period.spent += spent - Math.max(lease.granted, lease.spent);
  period.writtenOff = Math.max(0, period.writtenOff - Math.max(0, lease.granted - lease.spent));
  lease.spent = spent;
  lease.granted = spent;
  lease.state = "corrected";
}

function alert(period: ModelPeriod, lease: ModelLease, isUsedUp: boolean): void {
  const share = period.limit <= 0 ? 100 : Math.min(100, floor((period.spent * 100) / period.limit));
  lease.alertFrom = period.alerted;
  lease.alertTo = Math.max(isUsedUp ? 100 : share, period.alerted);
  period.alerted = lease.alertTo;
}

function scopeOf({ tenant, kind, id }: LeaseReport): string {
  return `${tenant} ${kind} ${id}`;
}

function endOf(month: string): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const floor = Math.floor;
