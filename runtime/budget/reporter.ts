import type { Account, SentReport } from "./account.ts";
import { GRACE_MS, type LedgerDeps, VALID_MS } from "./ledger-deps.ts";
import type { LeaseAnswer } from "./store.ts";
import type { UsageBuffer } from "./usage-buffer.ts";

/** After a failed attempt requests that need the database are refused at once for so long. */
const PAUSE_MS = 500;
/** Leases in one statement: it holds their locks while it runs, about 0.1 ms each. */
const BATCH = 128;

/** Whom the reporter tells how it goes. */
interface Listener {
  /** Answers were taken over. */
  onAnswers(): void;
  /** The database does not answer. */
  onGone(): void;
}

/** Talks to the database, one request at a time for everything that is to be said and asked. */
export class Reporter {
  readonly #deps: LedgerDeps;
  readonly #usage: UsageBuffer;
  readonly #listener: Listener;
  /** Accounts to report next; those that a request waits for come first. */
  readonly #urgent = new Set<Account>();
  readonly #due = new Set<Account>();
  #seq = 0;
  #month: string;
  #running: Promise<void> | undefined;
  #isWoken = false;
  #failures = 0;
  #isLost = false;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(deps: LedgerDeps, usage: UsageBuffer, month: string, listener: Listener) {
    this.#deps = deps;
    this.#usage = usage;
    this.#month = month;
    this.#listener = listener;
  }

  /** The latest month that the database has spoken of. */
  get month(): string {
    return this.#month;
  }

  /** Whether the database failed a moment ago. */
  isPaused(nowMs: number): boolean {
    return nowMs < this.#pausedUntilMs;
  }

  /** Reports an account soon. */
  enqueue(account: Account, isUrgent: boolean): void {
    account.queued = true;
    (isUrgent ? this.#urgent : this.#due).add(account);
    this.wake();
  }

  /** Sees that what is to be reported will be. */
  wake(): void {
    if (this.#isWoken || this.#running !== undefined || !this.#hasWork || this.isPaused(this.#deps.nowMs())) return;
    this.#isWoken = true;
    this.#deps.soon(() => {
      this.#isWoken = false;
      this.#start();
    });
  }

  /** Ends when no request is on its way. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Reports everything, trying a few times. @returns whether it is all in the database. */
  async flush(): Promise<boolean> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
      this.#start();
      await this.settled();
      if (!this.#hasWork) return true;
    }
    return false;
  }

  /** A request that was none of ours failed. */
  lost(error: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    const message = "the database does not answer; leases in hand are used until they end";
    this.#deps.notify({ level: "error", code: "budget/database-lost", message, error });
  }

  get #hasWork(): boolean {
    return this.#urgent.size > 0 || this.#due.size > 0 || !this.#usage.isEmpty;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // What came between the last look and here found it running.
      this.wake();
    });
  }

  async #run(): Promise<void> {
    let goesOn = true;
    while (goesOn && this.#hasWork) goesOn = await this.#report();
  }

  /** One request. @returns whether another may follow at once. */
  async #report(): Promise<boolean> {
    const { store, holder, nowMs } = this.#deps;
    const sentMs = nowMs();
    const accounts = this.#nextAccounts();
    const sent = accounts.flatMap((account) => account.reports(sentMs));
    const items = sent.map(({ report }) => report);
    const usage = this.#usage.batch();
    if (items.length === 0 && usage.rows.length === 0) return true;
    this.#seq += 1;
    try {
      const answers = await store.sync({ holder, seq: this.#seq, items, usage, validMs: VALID_MS, graceMs: GRACE_MS });
      if (answers.length !== items.length) throw new Error("the database did not answer for every lease");
      this.#usage.written();
      this.#take(sent, answers, sentMs);
    } catch (error) {
      for (const account of accounts) this.#due.add(account);
      return this.#failed(error);
    }
    for (const account of accounts) account.answered = account.sent;
    this.#listener.onAnswers();
    return true;
  }

  #nextAccounts(): readonly Account[] {
    const accounts = new Set<Account>();
    for (const queue of [this.#urgent, this.#due]) {
      for (const account of queue) {
        if (accounts.size === BATCH) break;
        queue.delete(account);
        accounts.add(account);
        account.queued = false;
      }
    }
    return [...accounts];
  }

  #take(sent: readonly SentReport[], answers: readonly LeaseAnswer[], sentMs: number): void {
    const bySerial = new Map(answers.map((answer) => [answer.serial, answer]));
    for (const one of sent) {
      const answer = bySerial.get(one.lease.serial);
      if (answer === undefined) continue;
      one.account.answer(one, answer, sentMs, VALID_MS);
      if (answer.month > this.#month) this.#month = answer.month;
      if (answer.alertTo > one.lease.alerted) this.#raise(one, answer);
    }
    if (this.#isLost) {
      this.#deps.notify({ level: "info", code: "budget/database-back", message: "the database answers again" });
    }
    this.#isLost = false;
    this.#failures = 0;
    this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
  }

  #raise({ account: { scope }, lease }: SentReport, { month, alertFrom, alertTo, spent }: LeaseAnswer): void {
    lease.alerted = alertTo;
    for (const percent of this.#deps.alertPercents(scope.tenant)) {
      if (percent <= alertFrom || percent > alertTo) continue;
      this.#deps.onAlert({ scope, month, percent, spentMicroUsd: spent, limitMicroUsd: scope.limitMicroUsd });
    }
  }

  /** @returns whether to try again at once: the first failure may be a connection that broke while nobody looked. */
  #failed(error: unknown): boolean {
    this.#failures += 1;
    if (this.#failures === 1) return true;
    this.lost(error);
    this.#pausedUntilMs = this.#deps.nowMs() + PAUSE_MS;
    this.#listener.onGone();
    return false;
  }
}
