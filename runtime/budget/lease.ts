import type { LeaseAnswer } from "./store.ts";

/**
 * A part of a month's budget that this process may give out without asking. All amounts are totals of the lease, in
 * micro-USD. What the database has granted is never less than `granted` here; that is what makes overspend impossible.
 */
export class Lease {
  readonly serial: number;
  /** Known from the first answer on. */
  month = "";
  granted = 0;
  spent = 0;
  reserved = 0;
  /** Monotonic; nothing is reserved at or after it. */
  endsMs = Number.NEGATIVE_INFINITY;
  monthEndsMs = Number.POSITIVE_INFINITY;
  /** No answer about it was seen yet. */
  fresh = true;
  /** It was in a request, answered or not. */
  sent = false;
  writtenOff = false;
  /** What the database knows of `spent`. */
  reported = 0;
  /** Percent up to which this lease raised alerts. */
  alerted = 0;

  constructor(serial: number) {
    this.serial = serial;
  }

  /** What can still be reserved; negative after a provider billed more than its worst case. */
  get room(): number {
    return this.granted - this.spent - this.reserved;
  }

  /** Gives up room above `keepRoom`, before the database is told: its answer may be lost, the promise is not. */
  promise(keepRoom: number): void {
    this.granted = Math.min(this.granted, this.spent + this.reserved + Math.max(0, keepRoom));
  }

  /**
   * Takes over an answer.
   * @param sentMs when the request left: what the database granted for a time is counted from there.
   * @param validMs how long it may be used from then on.
   */
  take(answer: LeaseAnswer, spentSent: number, sentMs: number, validMs: number): void {
    this.fresh = false;
    // The database may have forgotten a lease that is over; what was reserved from it keeps its month.
    this.month = answer.month || this.month;
    this.reported = spentSent;
    if (answer.state !== "open") {
      this.granted = 0;
      this.endsMs = Number.NEGATIVE_INFINITY;
      this.writtenOff = answer.state === "written_off";
      return;
    }
    // After a limit was lowered the lease may hold more than there is; the rest is not given out.
    this.granted = Math.min(answer.granted, spentSent + answer.free);
    this.monthEndsMs = sentMs + answer.monthLeftMs;
    this.endsMs = Math.min(this.monthEndsMs, sentMs + validMs);
  }
}
