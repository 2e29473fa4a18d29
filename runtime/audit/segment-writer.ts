import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { ProblemError, refuse } from "../problems/index.ts";
import type { Batch } from "./batch.ts";
import type { AppendFile, AuditDisk } from "./disk.ts";
import { segmentName } from "./files.ts";
import type { AuditNotice } from "./notice.ts";
import { unavailable } from "./problems.ts";
import { type Head, NO_HEAD, readTail } from "./recover.ts";

export interface SegmentWriterOptions {
  readonly directory: string;
  readonly writer: string;
  readonly now: () => Date;
  readonly notify: (notice: AuditNotice) => void;
  readonly disk: AuditDisk;
  readonly rotateBytes: number;
  readonly rotateMs: number;
  readonly publicKey: KeyObject | undefined;
}

/** The file at the end of a writer's chain: opened, added to, closed for the next, cut back after a failure. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #file: AppendFile | undefined;
  #head: Head = NO_HEAD;
  /** Whether {@link head} is what this process wrote or found: then a file that lacks it was changed. */
  #known = false;
  /** Whether bytes of a failed write may lie behind the head. */
  #cutDue = false;
  #repair: Promise<void> = Promise.resolve();
  #setAside: string | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#file !== undefined;
  }

  /** The last durable record and where it ends. */
  get head(): Head {
    return this.#head;
  }

  get path(): string {
    return this.#pathOf(Math.max(1, this.#head.segment));
  }

  get setAside(): string | undefined {
    return this.#setAside;
  }

  /** What somebody else did to the open file since the last write: deleted, cut or added to it. One `fstat`, about 1 us. */
  foreignChange(): string | undefined {
    const { size, links } = this.#opened().look();
    if (links === 0) return "the file was deleted by somebody else";
    if (size === this.#head.bytes) return undefined;
    return `the file was changed by somebody else: ${size} bytes, expected ${this.#head.bytes}`;
  }

  rotationDue(bytes: number): boolean {
    const { bytes: size, since } = this.#head;
    if (size === 0) return false;
    const { rotateBytes, rotateMs, now } = this.#options;
    return size + bytes > rotateBytes || now().getTime() - Date.parse(since) >= rotateMs;
  }

  /** Writes a batch; `done` is called when it is durable. */
  write({ seq, hash, time, since }: Batch, bytes: Buffer, done: (error: Error | undefined) => void): void {
    this.#opened().append(bytes, (error) => {
      if (error === undefined) {
        const { segment, bytes: size, since: before } = this.#head;
        this.#head = { seq, hash, time, segment, bytes: size + bytes.length, since: before || since };
      }
      done(error);
    });
  }

  /** Closes the segment; the chain goes on in the next. */
  async rotate(): Promise<void> {
    const { disk } = this.#options;
    const before = this.#opened();
    const segment = this.#head.segment + 1;
    const file = await disk.open(this.#pathOf(segment));
    this.#file = file;
    this.#head = { ...this.#head, segment, bytes: 0, since: "" };
    await before.close();
  }

  /** Gives up the open file. @param cut whether to take back what a failed write may have left in it */
  abandon(cut: boolean): void {
    const file = this.#file;
    this.#file = undefined;
    if (cut) this.#cutDue = true;
    if (file !== undefined) this.#repair = this.#repair.then(() => this.#giveUp(file));
  }

  /**
   * Opens the last segment, or the first one. Nothing happens when it is open.
   * @throws ProblemError `audit/unavailable`, `audit/broken-chain`
   */
  async reopen(): Promise<void> {
    await this.#repair;
    if (this.#file !== undefined) return;
    const { directory, writer, disk, publicKey } = this.#options;
    let file: AppendFile | undefined;
    try {
      if (this.#cutDue) await this.#cut();
      const { head, torn } = await readTail(directory, writer, publicKey);
      if (this.#known) this.#refuseLoss(head);
      const segment = Math.max(1, head.segment);
      file = await disk.open(this.#pathOf(segment));
      this.#head = { ...head, segment };
      if (torn.length > 0) await this.#putAside(file, torn);
    } catch (error) {
      await file?.close();
      throw error instanceof ProblemError ? error : unavailable(this.path, error);
    }
    this.#known = true;
    this.#file = file;
  }

  async close(): Promise<void> {
    await this.#repair;
    await this.#file?.close();
    this.#file = undefined;
  }

  #pathOf(segment: number): string {
    return join(this.#options.directory, segmentName(this.#options.writer, segment));
  }

  #opened(): AppendFile {
    if (this.#file === undefined) throw new Error("no audit file is open");
    return this.#file;
  }

  /** Records that were acknowledged must be there: a log that starts anew would hide that they are gone. */
  #refuseLoss({ seq, hash }: Head): void {
    if (seq === this.#head.seq && hash === this.#head.hash) return;
    refuse({
      code: "audit/broken-chain",
      path: this.path,
      got: `a log that ends at seq ${seq}`,
      expected: `seq ${this.#head.seq}, which was written`,
      remedy: "put the file back as it was, or start the service again to go on with what is there",
    });
  }

  async #putAside(file: AppendFile, torn: Buffer): Promise<void> {
    const { disk, notify } = this.#options;
    const { seq, bytes } = this.#head;
    const aside = `${this.path}.torn-after-${seq}`;
    const copy = await disk.open(aside);
    try {
      await new Promise<void>((resolve, reject) => {
        copy.append(torn, (error) => (error === undefined ? resolve() : reject(error)));
      });
    } finally {
      await copy.close();
    }
    await file.truncate(bytes);
    this.#setAside = `${torn.length} bytes after seq ${seq}`;
    const message = `audit log ${this.path} ended in a torn record after seq ${seq}: ${torn.length} bytes set aside in ${aside}`;
    notify({ level: "warn", message });
  }

  /** Takes back what a failed write may have left behind the last durable record. */
  async #cut(): Promise<void> {
    const file = await this.#options.disk.open(this.path);
    try {
      if (file.look().size > this.#head.bytes) await file.truncate(this.#head.bytes);
      this.#cutDue = false;
    } finally {
      await file.close();
    }
  }

  async #giveUp(file: AppendFile): Promise<void> {
    const { notify } = this.#options;
    try {
      if (this.#cutDue) {
        await file.truncate(this.#head.bytes);
        this.#cutDue = false;
      }
    } catch (error) {
      const message = `audit log ${this.path} may hold records of requests that were refused, until it can be cut`;
      notify({ level: "error", message, error });
    }
    await file.close().catch((error: unknown) => {
      notify({ level: "error", message: `audit log ${this.path} did not close`, error });
    });
  }
}
