import { Batch, type Done } from "./batch.ts";
import { type AuditEntry, type Link, START } from "./record.ts";
import { RecordText, sealText } from "./text.ts";

/** Batches kept for reuse: one fills while the other is written. */
const SPARE_BATCHES = 2;
/** 64 MiB of records that wait for the disk; a disk that hangs must not fill the memory. */
const MAX_BATCHES = 256;

export interface QueueOptions {
  readonly writer: string;
  readonly now: () => Date;
  readonly includeContent: boolean;
}

/** Turns entries into chained lines, and keeps these in batches until they are written. */
export class RecordQueue {
  readonly #options: QueueOptions;
  readonly #text: RecordText;
  readonly #spare: Batch[] = [];
  /** In the order of the chain; the last one is still filled. */
  #batches: Batch[] = [];
  // The last chained record; apart, because an object for each record is what the garbage collector would live on.
  #seq = START.seq;
  #hash = START.hash;
  #lastTime = START.time;
  #clockMs = Number.NaN;
  #clockText = "";

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#text = new RecordText(options.writer);
  }

  get empty(): boolean {
    return this.#batches.length === 0;
  }

  /** Whether so much waits that nothing more should. */
  get full(): boolean {
    return this.#batches.length >= MAX_BATCHES;
  }

  /** Chains the next record to this one. */
  restart(after: Link): void {
    this.#seq = after.seq;
    this.#hash = after.hash;
    this.#lastTime = after.time;
  }

  /** Chains one record. @returns its line where it is wanted. @throws TypeError for an entry that cannot be read back, RangeError for no time. */
  add(entry: AuditEntry, done: Done, keepLine: boolean): string {
    const { includeContent } = this.#options;
    const seq = this.#seq + 1;
    const time = this.#time();
    const kept = includeContent || entry.content === null ? entry : { ...entry, content: null };
    const text = this.#text.of(kept, seq, time, this.#hash);
    let batch = this.#batches.at(-1);
    if (batch === undefined || batch.full) {
      batch = this.#spare.pop() ?? new Batch();
      batch.since = time;
      this.#batches.push(batch);
    }
    this.#hash = batch.add(text, done);
    this.#seq = seq;
    this.#lastTime = time;
    batch.seq = seq;
    batch.hash = this.#hash;
    batch.time = time;
    return keepLine ? text + sealText(this.#hash) : "";
  }

  /** The oldest batch, to be written; undefined when nothing waits. */
  take(): Batch | undefined {
    return this.#batches.shift();
  }

  /** Everything that waits, given up. */
  takeAll(): readonly Batch[] {
    const all = this.#batches;
    this.#batches = [];
    return all;
  }

  /** Takes a batch back for reuse. */
  recycle(batch: Batch): void {
    batch.clear();
    if (this.#spare.length < SPARE_BATCHES) this.#spare.push(batch);
  }

  /** A clock that was set back must not make a writer's times run backwards: queries bisect by them. */
  #time(): string {
    const now = this.#options.now();
    const ms = now.getTime();
    if (ms !== this.#clockMs) {
      this.#clockText = now.toISOString();
      this.#clockMs = ms;
    }
    return this.#clockText > this.#lastTime ? this.#clockText : this.#lastTime;
  }
}
