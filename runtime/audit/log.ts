import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ProblemError, refuse } from "../problems/index.ts";
import { type AuditEntry, type AuditRecord, auditFileName, chain } from "./record.ts";
import { type ChainHead, EMPTY_CHAIN, readTail } from "./recover.ts";

/** Something that an operator should read: a torn line set aside, a write that failed. */
export interface AuditNotice {
  readonly level: "warn" | "error";
  readonly message: string;
  readonly error?: unknown;
}

export interface AuditLogOptions {
  readonly directory: string;
  /** Names the file; unique among the replicas that share the directory. Letters, digits, `.`, `_`, `-`. */
  readonly writer: string;
  readonly now: () => Date;
  readonly notify: (notice: AuditNotice) => void;
}

interface Waiting {
  readonly entry: AuditEntry;
  readonly resolve: (record: AuditRecord) => void;
  readonly reject: (error: Error) => void;
}

const MAX_BATCH = 512;

/**
 * The audit log of one writer: append-only JSON lines, each chained to the one before by SHA-256.
 *
 * `append` resolves when its record is durable (fdatasync). Records that wait together share one sync (group commit).
 * After a failed write nothing of the batch counts: the file is cut back to the last durable record and opened again
 * at the next append, so the log heals when the disk does, and refuses until then.
 */
export class AuditLog {
  readonly path: string;
  readonly #options: AuditLogOptions;
  #handle: FileHandle | undefined;
  #head: ChainHead = EMPTY_CHAIN;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #closed = false;

  private constructor(options: AuditLogOptions) {
    this.#options = options;
    this.path = join(options.directory, auditFileName(options.writer));
  }

  /** @throws ProblemError `audit/unavailable` when the file cannot be opened, `audit/broken-chain` when it was tampered with. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(options.writer)) {
      refuse({
        code: "audit/bad-writer",
        path: "audit writer",
        got: JSON.stringify(options.writer),
        expected: "1 to 200 letters, digits, `.`, `_` or `-`",
        remedy: "give the host a plain name",
      });
    }
    const log = new AuditLog(options);
    await log.#reopen();
    return log;
  }

  /**
   * Adds one record. Resolves when it is durable.
   * @throws ProblemError `audit/unavailable` when it could not be made durable: the caller must not go on as if it were.
   */
  append(entry: AuditEntry): Promise<AuditRecord> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Whether the last write worked. Costs nothing: `ready` looks at the disk. */
  get healthy(): boolean {
    return this.#handle !== undefined && !this.#closed;
  }

  /** Whether a record could be written now; tries to open the file again when the last write failed. */
  async ready(): Promise<boolean> {
    if (this.#closed) return false;
    if (this.#flushing !== undefined) await this.#flushing;
    try {
      await this.#open();
      return true;
    } catch (error) {
      this.#options.notify({ level: "error", message: `audit log ${this.path} is not writable`, error });
      return false;
    }
  }

  /** Writes what waits, then closes. Later appends are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#flushing !== undefined) await this.#flushing;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #flush(): Promise<void> {
    // Records that arrive in the same turn of the event loop join the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        const records = await this.#write(batch.map(({ entry }) => entry));
        for (const [index, record] of records.entries()) batch[index]?.resolve(record);
      } catch (error) {
        await this.#abandon(error);
        const refusal = unavailable(this.path, error);
        for (const { reject } of batch) reject(refusal);
      }
    }
    // In the same turn as the last look at the queue: a later append must start the next flush itself.
    this.#flushing = undefined;
  }

  async #write(entries: readonly AuditEntry[]): Promise<AuditRecord[]> {
    const handle = await this.#open();
    const { writer, now } = this.#options;
    let head = this.#head;
    const clock = now().toISOString();
    // A clock that was set back must not make a writer's times run backwards: queries bisect by them.
    let time = clock;
    if (time < head.time) time = head.time;
    const records = entries.map((entry) => {
      const record = chain(entry, { seq: head.seq + 1, time, writer, prev: head.hash });
      head = { seq: record.seq, hash: record.hash, time, bytes: head.bytes };
      return record;
    });
    const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    await writeAll(handle, bytes);
    await handle.datasync();
    this.#head = { ...head, bytes: head.bytes + bytes.length };
    return records;
  }

  /** The open file, proved to be the one this log left: nobody deleted, cut or appended to it. */
  async #open(): Promise<FileHandle> {
    if (this.#closed) throw new Error("the audit log is closed");
    const handle = this.#handle ?? (await this.#reopen());
    const { size, nlink } = await handle.stat();
    if (nlink > 0 && size === this.#head.bytes) return handle;
    const message = `audit log ${this.path} was changed by somebody else: ${size} bytes, expected ${this.#head.bytes}`;
    this.#options.notify({ level: "error", message });
    await handle.close();
    return this.#reopen();
  }

  async #reopen(): Promise<FileHandle> {
    this.#handle = undefined;
    const handle = await openFile(this.path);
    try {
      const { head, torn } = await readTail(handle, this.path);
      if (torn.length > 0) await this.#setAside(handle, head, torn);
      this.#head = head;
    } catch (error) {
      await handle.close();
      throw error;
    }
    this.#handle = handle;
    return handle;
  }

  async #setAside(handle: FileHandle, head: ChainHead, torn: Buffer): Promise<void> {
    const aside = `${this.path}.torn-after-${head.seq}`;
    const copy = await open(aside, "a", 0o640);
    try {
      await writeAll(copy, torn);
      await copy.datasync();
    } finally {
      await copy.close();
    }
    await handle.truncate(head.bytes);
    await handle.datasync();
    const message = `audit log ${this.path} ended in a torn record after seq ${head.seq}: ${torn.length} bytes set aside in ${aside}`;
    this.#options.notify({ level: "warn", message });
  }

  /** Gives up the open file after a failed write and cuts off what may have been written of the batch. */
  async #abandon(cause: unknown): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#options.notify({ level: "error", message: `audit log ${this.path} cannot be written`, error: cause });
    if (handle === undefined) return;
    try {
      await handle.truncate(this.#head.bytes);
    } catch (error) {
      const message = `audit log ${this.path} may hold records of requests that were refused`;
      this.#options.notify({ level: "error", message, error });
    }
    await handle.close().catch((error: unknown) => {
      this.#options.notify({ level: "error", message: `audit log ${this.path} did not close`, error });
    });
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, "a+", 0o640);
    // A new file is durable only when its directory entry is.
    const directory = await open(dirname(path), "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
    return handle;
  } catch (error) {
    throw unavailable(path, error);
  }
}

/** `write` may take only a part, on a disk that is nearly full for example. */
async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
}

function unavailable(path: string, cause: unknown): ProblemError {
  const problem = {
    code: "audit/unavailable",
    path,
    got: cause instanceof Error ? cause.message : String(cause),
    expected: "a directory that this service can write to",
    remedy: "free the disk or repair the volume",
  } as const;
  return new ProblemError([problem], { cause });
}
