import { Demand } from "./demand.ts";
import { Lease } from "./lease.ts";
import type { BudgetScope } from "./scope.ts";
import type { LeaseAnswer, LeaseReport } from "./store.ts";

/** After so long without a reservation the lease is given back. */
const IDLE_MS = 30_000;
/** A refusal holds for requests of that size or more for so long, without asking the database again. */
const REFUSAL_HOLDS_MS = 200;
/** What the database gives besides the need is at most these parts, and nothing is kept beyond them. */
const PART_OF_FREE = 16;
const PART_OF_LIMIT = 100;

/** A report on its way, and the lease that it is about. */
export interface SentReport {
  readonly account: Account;
  readonly lease: Lease;
  readonly report: LeaseReport;
}

/** One scope in this process: the lease it takes from, and those that are over and not settled. */
export class Account {
  readonly #nextSerial: () => number;
  /** With the limit of the last call. */
  scope: BudgetScope;
  lease: Lease;
  #retired: Lease[] = [];
  readonly #demand = new Demand();
  /** Of the current month, by the last answer: what our lease could hold at most. */
  #freeMicroUsd = 0;
  /** Below this room more is fetched ahead of need. */
  #lowMicroUsd = 0;
  #lastUsedMs = Number.NEGATIVE_INFINITY;
  #lastAnswerMs = Number.NEGATIVE_INFINITY;
  #refusedFromMicroUsd = 0;
  #refusedUntilMs = Number.NEGATIVE_INFINITY;
  #refused = false;
  #limitToTell = true;

  /** Requests that wait for room here, and the sum of what they want. */
  waiters = 0;
  waitingMicroUsd = 0;
  /** Number of reports sent, and the last of them that was answered. */
  sent = 0;
  answered = 0;
  /** Whether it is among those to be reported next. */
  queued = false;

  constructor(scope: BudgetScope, nextSerial: () => number) {
    this.scope = scope;
    this.#nextSerial = nextSerial;
    this.lease = new Lease(nextSerial());
  }

  /** Notes that somebody asks: what is held ready follows from it. */
  want(amountMicroUsd: number, nowMs: number): void {
    this.#demand.saw(amountMicroUsd);
    this.#lastUsedMs = nowMs;
  }

  /** Reserves, or returns undefined when that needs the database. */
  take(amountMicroUsd: number, nowMs: number): Lease | undefined {
    this.want(amountMicroUsd, nowMs);
    return this.waiters === 0 && this.hasRoom(amountMicroUsd, nowMs) ? this.reserve(amountMicroUsd) : undefined;
  }

  hasRoom(amountMicroUsd: number, nowMs: number): boolean {
    return nowMs < this.lease.endsMs && this.lease.room >= amountMicroUsd;
  }

  /** Reserves; the caller has seen that there is room, and that it is its turn. */
  reserve(amountMicroUsd: number): Lease {
    this.lease.reserved += amountMicroUsd;
    return this.lease;
  }

  /** Whether more should be fetched before it is needed. */
  get isLow(): boolean {
    return this.lease.room < this.#lowMicroUsd;
  }

  /** Takes over another limit. @returns whether it is another. */
  setLimit(scope: BudgetScope): boolean {
    const difference = scope.limitMicroUsd - this.scope.limitMicroUsd;
    if (difference === 0) return false;
    this.scope = scope;
    this.#freeMicroUsd += difference;
    this.#refusedUntilMs = Number.NEGATIVE_INFINITY;
    this.#limitToTell = true;
    return true;
  }

  /** Remembers that an amount did not fit. */
  refuse(amountMicroUsd: number, nowMs: number): void {
    this.#refusedFromMicroUsd = amountMicroUsd;
    this.#refusedUntilMs = nowMs + REFUSAL_HOLDS_MS;
    this.#refused = true;
  }

  /** Whether this much was refused a moment ago, so that asking again is not worth a round trip. */
  refuses(amountMicroUsd: number, nowMs: number): boolean {
    return nowMs < this.#refusedUntilMs && amountMicroUsd >= this.#refusedFromMicroUsd;
  }

  /** Once a second. @returns whether there is something to report. */
  tick(nowMs: number, renewMs: number): boolean {
    this.#demand.tick();
    const { lease } = this;
    const isIdle = lease.sent && this.waiters === 0 && nowMs - this.#lastUsedMs > IDLE_MS;
    if (isIdle || nowMs >= lease.monthEndsMs) this.#retire();
    if (this.#limitToTell || this.waiters > 0) return true;
    if (this.#retired.some((old) => old.reserved === 0 || (!old.writtenOff && isDue(old)))) return true;
    if (this.holds && nowMs - this.#lastAnswerMs > renewMs) return true;
    return this.lease.sent && (this.#refused || isDue(this.lease) || this.lease.room > 2 * this.#keepRoom());
  }

  /** Whether the database has, or may have, an open lease of ours. */
  get holds(): boolean {
    return this.lease.sent || this.#retired.length > 0;
  }

  /** Whether money is reserved and not settled. */
  get hasReserved(): boolean {
    return this.lease.reserved > 0 || this.#retired.some(({ reserved }) => reserved > 0);
  }

  /** Ends the current lease: nothing is reserved from it any more. */
  finish(): void {
    this.#retire();
  }

  /** What to tell the database now. From here on no more than what is promised there is given out. */
  reports(nowMs: number): SentReport[] {
    if (nowMs >= this.lease.monthEndsMs || this.lease.writtenOff) this.#retire();
    const reports = this.#retired
      .filter(({ writtenOff, reserved }) => !writtenOff || reserved === 0)
      .map((lease) => this.#report(lease, 0, 0));
    const { lease } = this;
    if (lease.sent || this.waiters > 0) {
      if (this.waiters > 0 || this.isLow) this.#demand.ranLow();
      lease.promise(this.#keepRoom());
      reports.push(this.#report(lease, this.waitingMicroUsd, this.#demand.cushionMicroUsd));
    } else if (this.#limitToTell) {
      // A report of a lease that never is only sets the limit.
      reports.push(this.#report(new Lease(this.#nextSerial()), 0, 0));
    }
    if (reports.length > 0) this.sent += 1;
    return reports;
  }

  /** Takes over the answer to one report. */
  answer({ lease, report }: SentReport, answer: LeaseAnswer, sentMs: number, validMs: number): void {
    lease.take(answer, report.spent, sentMs, validMs);
    this.#lastAnswerMs = sentMs;
    if (report.limit === this.scope.limitMicroUsd) this.#limitToTell = false;
    if (report.refused) this.#refused = false;
    if (lease !== this.lease) {
      if (answer.state === "closed" || answer.state === "corrected")
        this.#retired = this.#retired.filter((old) => old !== lease);
      return;
    }
    if (answer.state === "open") this.#freeMicroUsd = answer.free;
    else this.#retire();
    this.#lowMicroUsd = Math.floor(Math.min(this.lease.room, this.#demand.cushionMicroUsd) / 4);
  }

  #report(lease: Lease, waiting: number, cushion: number): SentReport {
    const isCurrent = lease === this.lease;
    const { limitMicroUsd, tenant, kind, id } = this.scope;
    const isOver = !isCurrent && lease.sent;
    if (!isCurrent) lease.promise(0);
    lease.sent = true;
    const report = {
      serial: lease.serial,
      tenant,
      kind,
      id,
      limit: isOver ? null : limitMicroUsd,
      spent: lease.spent,
      keep: lease.granted,
      need: lease.reserved + waiting,
      cushion,
      final: !isCurrent && lease.reserved === 0,
      fresh: lease.fresh,
      refused: this.#refused,
      seen: lease.alerted,
    };
    return { account: this, lease, report };
  }

  /** The room that is kept while a report is on its way; the rest is offered back. */
  #keepRoom(): number {
    const afterNeed = this.#freeMicroUsd - this.lease.reserved - this.waitingMicroUsd;
    const parts = Math.min(Math.floor(afterNeed / PART_OF_FREE), Math.floor(this.scope.limitMicroUsd / PART_OF_LIMIT));
    return this.waitingMicroUsd + Math.max(0, Math.min(this.#demand.cushionMicroUsd, parts));
  }

  #retire(): void {
    if (this.lease.sent) this.#retired.push(this.lease);
    this.lease = new Lease(this.#nextSerial());
    this.#lowMicroUsd = 0;
  }
}

function isDue(lease: Lease): boolean {
  return lease.spent !== lease.reported;
}
