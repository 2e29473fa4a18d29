import { createPublicKey } from "node:crypto";
import { refuse } from "../problems/index.ts";
import type { Batch, Done } from "./batch.ts";
import { localDisk } from "./disk.ts";
import { isWriterName } from "./files.ts";
import type { AuditLogOptions } from "./log-options.ts";
import type { AuditNotice } from "./notice.ts";
import { unavailable } from "./problems.ts";
import { RecordQueue } from "./queue.ts";
import type { AuditEntry, AuditRecord } from "./record.ts";
import type { Head } from "./recover.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { CheckpointSigner } from "./signer.ts";
import { parseLine } from "./text.ts";

interface Early {
  readonly entry: AuditEntry;
  readonly done: Done;
  readonly keep: ((line: string) => void) | undefined;
}

/** What may wait for a file to be opened; a disk that hangs must not fill the memory. */
const EARLY_MAX = 10_000;
/** About what it takes to chain 128 records: a disk that is faster is kept busy. */
const FAST_WRITE_MS = 0.5;
const ROTATE_BYTES = 268_435_456;
const ROTATE_MS = 86_400_000;

/**
 * The audit log of one writer: append-only JSON lines in numbered segments, each line chained to the one before by
 * SHA-256.
 *
 * A record is chained and turned into its bytes when it is handed over, and counts when they are durable. Records that
 * arrive while others are written share the next write (group commit). After a failed write nothing of it counts, nor of
 * what was chained to it: all of that is refused, the file is cut back to the last durable record and opened again at
 * the next append. So the log heals when the disk does, and refuses until then.
 */
export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #queue: RecordQueue;
  readonly #segments: SegmentWriter;
  readonly #signer: CheckpointSigner | undefined;
  readonly #beforeClose: (() => Promise<void>)[] = [];
  #writing: Batch | undefined;
  /** What arrived while no file was open. */
  #early: Early[] = [];
  #scheduled = false;
  #writeBegunMs = 0;
  #opening: Promise<void> | undefined;
  #whenIdle: (() => void)[] = [];
  #closed = false;

  private constructor(options: AuditLogOptions) {
    const { directory, writer, now, notify, signingKey: key, disk = localDisk } = options;
    this.#options = options;
    this.#queue = new RecordQueue({ writer, now, includeContent: options.includeContent ?? false });
    const { rotateBytes = ROTATE_BYTES, rotateMs = ROTATE_MS } = options;
    const publicKey = key && createPublicKey(key);
    this.#segments = new SegmentWriter({ directory, writer, now, notify, disk, rotateBytes, rotateMs, publicKey });
    this.#signer = key && new CheckpointSigner({ directory, writer, key, now, disk });
  }

  /** @throws ProblemError `audit/unavailable` when the files cannot be opened, `audit/broken-chain` when they were tampered with. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    if (!isWriterName(options.writer)) {
      refuse({
        code: "audit/bad-writer",
        path: "audit writer",
        got: JSON.stringify(options.writer),
        expected: "1 to 200 letters, digits, `.`, `_` or `-`",
        remedy: "give the host a plain name",
      });
    }
    const log = new AuditLog(options);
    await log.#open();
    return log;
  }

  /** The file that is written to now. */
  get path(): string {
    return this.#segments.path;
  }

  /** Up to where records are durable: what ships them must not read further. */
  get durable(): Head {
    return this.#segments.head;
  }

  /** What the last opening set aside, in words; undefined when the log ended as it should. */
  get setAside(): string | undefined {
    return this.#segments.setAside;
  }

  /** Whether the last write worked. Costs nothing: `ready` looks at the disk. */
  get healthy(): boolean {
    return this.#segments.open && !this.#closed;
  }

  /**
   * Adds one record. Resolves when it is durable.
   * @throws ProblemError `audit/unavailable` when it could not be made durable: the caller must not go on as if it were.
   */
  append(entry: AuditEntry): Promise<AuditRecord> {
    return new Promise((resolve, reject) => {
      let line = "";
      const done: Done = (error) => {
        const record = error === undefined ? parseLine(line) : undefined;
        if (record === undefined) reject(error ?? new Error("an audit record that cannot be read back"));
        else resolve(record);
      };
      this.#add(entry, done, (text) => {
        line = text;
      });
    });
  }

  /**
   * {@link append} for the path of every request: no promise, and no record back. `done` is called exactly once and never
   * before this returns; its error is a ProblemError `audit/unavailable`, or a TypeError for an entry that is none.
   */
  appendThen(entry: AuditEntry, done: Done): void {
    this.#add(entry, done, undefined);
  }

  /** Signs a checkpoint of what is durable now; nothing happens without a key or without new records. */
  async checkpoint(): Promise<void> {
    await this.#signer?.sign(this.#segments.head);
  }

  /** Whether a record could be written now; tries to open the file again when the last write failed. */
  async ready(): Promise<boolean> {
    if (this.#closed) return false;
    if (this.healthy) {
      // While a write is under way the file has grown already; that write itself will say how it went.
      const foreign = this.#writing === undefined ? this.#foreignChange() : undefined;
      if (foreign === undefined) return true;
      this.#fail(foreign, false);
    }
    try {
      await this.#open();
      return true;
    } catch (error) {
      this.#notify({ level: "error", message: `audit log ${this.path} is not writable`, error });
      return false;
    }
  }

  /** Registers what must end before the log closes: what reads it or adds to it. */
  beforeClose(work: () => Promise<void>): void {
    this.#beforeClose.push(work);
  }

  /** Writes what waits, signs a last checkpoint, then closes. Later appends are refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    for (const work of this.#beforeClose) await work();
    this.#closed = true;
    if (!this.#idle) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    if (this.#segments.open) await this.#signed();
    await this.#signer?.close();
    await this.#segments.close();
  }

  get #idle(): boolean {
    return this.#writing === undefined && this.#queue.empty && this.#early.length === 0 && this.#opening === undefined;
  }

  #notify(notice: AuditNotice): void {
    this.#options.notify(notice);
  }

  #add(entry: AuditEntry, done: Done, keep: Early["keep"]): void {
    if (this.#closed) {
      setImmediate(done, unavailable(this.path, new Error("the audit log is closed")));
    } else if (this.#queue.full || this.#early.length >= EARLY_MAX) {
      setImmediate(done, unavailable(this.path, new Error("a disk that takes no more records for now")));
    } else if (this.#segments.open) {
      this.#chain(entry, done, keep);
    } else {
      this.#early.push({ entry, done, keep });
      this.#open().catch((error: unknown) => this.#refuseEarly(error));
    }
  }

  #chain(entry: AuditEntry, done: Done, keep: Early["keep"]): void {
    try {
      const line = this.#queue.add(entry, done, keep !== undefined);
      keep?.(line);
    } catch (error) {
      setImmediate(done, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#flushSoon();
  }

  /** Records that arrive in the same turn of the event loop join the batch. */
  #flushSoon(): void {
    if (this.#scheduled || this.#writing !== undefined) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    if (this.#writing !== undefined) return;
    const batch = this.#queue.take();
    if (batch === undefined) return;
    this.#writing = batch;
    const foreign = this.#foreignChange();
    if (foreign === undefined) this.#write(batch);
    else this.#fail(foreign, false);
  };

  #foreignChange(): Error | undefined {
    try {
      const change = this.#segments.foreignChange();
      return change === undefined ? undefined : new Error(change);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #write(batch: Batch): void {
    this.#writeBegunMs = performance.now();
    const bytes = batch.bytes();
    if (this.#segments.rotationDue(bytes.length)) void this.#rotateThenWrite(batch, bytes);
    else this.#segments.write(batch, bytes, this.#written);
  }

  async #rotateThenWrite(batch: Batch, bytes: Buffer): Promise<void> {
    await this.#signed();
    try {
      await this.#segments.rotate();
    } catch (error) {
      this.#fail(error, true);
      return;
    }
    this.#segments.write(batch, bytes, this.#written);
  }

  /** A checkpoint that cannot be written is no reason to refuse a request: the next one covers the same records. */
  async #signed(): Promise<void> {
    try {
      await this.checkpoint();
    } catch (error) {
      this.#notify({ level: "error", message: `audit log ${this.path}: no checkpoint could be written`, error });
    }
  }

  readonly #written = (error: Error | undefined): void => {
    const batch = this.#writing;
    if (error !== undefined || batch === undefined) {
      this.#fail(error, true);
      return;
    }
    this.#writing = undefined;
    // A fast disk works while the callers go on. For a slow one what they bring at once is worth waiting for: with twice the
    // records a write it is half as often the one that is waited for.
    if (performance.now() - this.#writeBegunMs < FAST_WRITE_MS) this.#flush();
    this.#call(batch.dones, undefined);
    this.#queue.recycle(batch);
    if (!this.#queue.empty) this.#flushSoon();
    this.#tellIdle();
  };

  /** Gives up the open file and refuses everything that is not durable. @param cut whether what was written goes */
  #fail(cause: unknown, cut: boolean): void {
    this.#notify({ level: "error", message: `audit log ${this.path} cannot be written`, error: cause });
    const refusal = unavailable(this.path, cause);
    const lost = this.#writing === undefined ? this.#queue.takeAll() : [this.#writing, ...this.#queue.takeAll()];
    this.#writing = undefined;
    this.#segments.abandon(cut);
    for (const batch of lost) this.#call(batch.dones, refusal);
    this.#tellIdle();
  }

  /** Opens the file again, once for all who wait for it. */
  #open(): Promise<void> {
    this.#opening ??= this.#openNow();
    return this.#opening;
  }

  async #openNow(): Promise<void> {
    try {
      await this.#segments.reopen();
      this.#queue.restart(this.#segments.head);
      const early = this.#early;
      this.#early = [];
      for (const { entry, done, keep } of early) this.#chain(entry, done, keep);
    } finally {
      this.#opening = undefined;
      this.#tellIdle();
    }
  }

  #refuseEarly(cause: unknown): void {
    const early = this.#early;
    if (early.length === 0) return;
    this.#early = [];
    const refusal = unavailable(this.path, cause);
    this.#notify({ level: "error", message: `audit log ${this.path} cannot be opened`, error: cause });
    this.#call(
      early.map(({ done }) => done),
      refusal,
    );
    this.#tellIdle();
  }

  #call(dones: readonly Done[], error: Error | undefined): void {
    for (const done of dones) {
      try {
        done(error);
      } catch (thrown) {
        this.#notify({ level: "error", message: "a caller of the audit log failed after its record", error: thrown });
      }
    }
  }

  #tellIdle(): void {
    if (this.#whenIdle.length === 0 || !this.#idle) return;
    for (const tell of this.#whenIdle.splice(0)) tell();
  }
}
