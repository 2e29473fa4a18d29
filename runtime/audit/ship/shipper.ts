import { randomInt } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { listSegments } from "../files.ts";
import type { AuditNotice } from "../notice.ts";
import type { Head } from "../recover.ts";
import { AT_START, type Cursor, cursorPath, readCursor, writeCursor } from "./cursor.ts";
import { addLines } from "./file.ts";
import { nextBatch } from "./reader.ts";
import type { Delivery, ExportTarget, RefusedRecord, ShippedRecord } from "./target.ts";

/** How far an export is behind its log. */
export interface ExportLag {
  readonly name: string;
  readonly records: number;
  readonly bytes: number;
}

export interface ShipperOptions {
  readonly name: string;
  readonly directory: string;
  readonly writer: string;
  readonly target: ExportTarget;
  /** What may be read: only what is durable. */
  readonly durable: () => Head;
  readonly now: () => Date;
  readonly notify: (notice: AuditNotice) => void;
  readonly onLag: ((lag: ExportLag) => void) | undefined;
  /** Ends early, without an error, when it is told to stop. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

const POLL_MS = 1000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** An export that stays down is reported at the first failure and then each so many. */
const REPORT_EVERY = 10;

/**
 * Delivers one writer's records to one target, at least once and in order, from the files of the log: a target that is
 * slow or down costs no memory and holds nobody up. The cursor moves on when a batch was accepted, or set aside in the
 * dead-letter file, and is durable before the next batch is read.
 */
export class Shipper {
  readonly #options: ShipperOptions;
  readonly #path: string;
  readonly #stop = new AbortController();
  #cursor: Cursor = AT_START;
  #failures = 0;
  #running: Promise<void> | undefined;

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#path = cursorPath(options.directory, options.name, options.writer);
  }

  /** The segment that is being delivered: those before it may be removed. */
  get segment(): number {
    return this.#cursor.segment;
  }

  /** Finds where the delivery goes on, and goes on with it until {@link close}. */
  async start(): Promise<void> {
    this.#cursor = await this.#found();
    this.#running = this.#run();
  }

  /** Stops where it is; what was not delivered is delivered after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#options.target.close();
  }

  async #found(): Promise<Cursor> {
    const { name, notify, durable } = this.#options;
    const found = await readCursor(this.#path);
    const { segment, bytes } = durable();
    const beyond =
      typeof found === "object" && (found.segment > segment || (found.segment === segment && found.offset > bytes));
    if (found === undefined) return AT_START;
    if (found !== "damaged" && !beyond) return found;
    const message = `audit export ${name}: its cursor does not fit the log; everything is delivered again`;
    notify({ level: "warn", message });
    return AT_START;
  }

  async #run(): Promise<void> {
    const { name, wait } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const delivered = await this.#deliverNext();
        await this.#tellLag();
        if (!delivered) await wait(POLL_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#report(`audit export ${name} cannot go on`, error);
        await this.#pause();
      }
    }
  }

  /** @returns whether there was something to deliver. */
  async #deliverNext(): Promise<boolean> {
    const { directory, writer, durable } = this.#options;
    const { records, next } = await nextBatch(directory, writer, this.#cursor, durable());
    if (records.length === 0) {
      this.#cursor = next;
      return false;
    }
    let left: readonly ShippedRecord[] = records;
    while (left.length > 0) {
      const { refused, again, trouble } = await this.#send(left);
      if (refused.length > 0) await this.#setAside(refused);
      left = again;
      if (left.length === 0) break;
      if (!this.#stop.signal.aborted) {
        this.#report(`audit export ${this.#options.name} takes nothing: ${trouble ?? "no reason given"}`, undefined);
        await this.#pause();
      }
      if (this.#stop.signal.aborted) return true;
    }
    await writeCursor(this.#path, next);
    this.#cursor = next;
    this.#recovered();
    return true;
  }

  async #send(records: readonly ShippedRecord[]): Promise<Delivery> {
    try {
      return await this.#options.target.send(records, this.#stop.signal);
    } catch (error) {
      return { refused: [], again: records, trouble: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Keeps what the target will never take, with the reason. One file of all writers that share the directory. */
  async #setAside(refused: readonly RefusedRecord[]): Promise<void> {
    const { directory, name, now, notify } = this.#options;
    const path = join(directory, `dead-letter-${name}.jsonl`);
    const time = now().toISOString();
    await addLines(
      path,
      refused.map(({ record, reason }) => `${JSON.stringify({ time, reason }).slice(0, -1)},"record":${record.text}}`),
    );
    notify({ level: "error", message: `audit export ${name}: ${refused.length} records refused, kept in ${path}` });
  }

  async #tellLag(): Promise<void> {
    const { onLag, name, directory, writer, durable } = this.#options;
    if (onLag === undefined) return;
    const { seq, segment, bytes } = durable();
    let behind = 0;
    for (const { number, name: file } of (await listSegments(directory)).get(writer) ?? []) {
      if (number < this.#cursor.segment || number > segment) continue;
      const end = number === segment ? bytes : (await stat(join(directory, file))).size;
      behind += end - (number === this.#cursor.segment ? this.#cursor.offset : 0);
    }
    onLag({ name, records: seq - this.#cursor.seq, bytes: behind });
  }

  #report(message: string, error: unknown): void {
    if (this.#failures % REPORT_EVERY === 0) {
      this.#options.notify({ level: "warn", message, ...(error === undefined ? {} : { error }) });
    }
    this.#failures += 1;
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    this.#options.notify({ level: "warn", message: `audit export ${this.#options.name} takes records again` });
    this.#failures = 0;
  }

  /** Twice as long after each failure, and spread, so that replicas do not come back together. */
  async #pause(): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 10));
    await this.#options.wait(longest / 2 + randomInt(longest / 2), this.#stop.signal);
  }
}
