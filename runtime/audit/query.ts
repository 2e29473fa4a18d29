import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../problems/index.ts";
import { listSegments, type Segment } from "./files.ts";
import { lineAfter, readLines } from "./lines.ts";
import type { AuditRecord } from "./record.ts";
import { parseLine } from "./text.ts";

/** Which records of all writers to read, oldest first. What is left out is not asked for. */
export interface AuditFilter {
  /** Only this tenant's records; left out: everybody's, those without a tenant included. */
  readonly tenant?: string | undefined;
  /** ISO instant with milliseconds, inclusive. */
  readonly from?: string | undefined;
  /** ISO instant with milliseconds, exclusive. */
  readonly before?: string | undefined;
  readonly kind?: AuditRecord["kind"] | undefined;
  readonly action?: string | undefined;
  readonly principal?: string | undefined;
  readonly code?: string | undefined;
  readonly decision?: AuditRecord["decision"] | undefined;
  /** The last record of the page before; reading goes on after it. */
  readonly after?: Position | undefined;
}

/** One page of what {@link AuditFilter} selects. */
export interface AuditQuery extends AuditFilter {
  readonly limit: number;
}

/** A record's place among those of all writers. */
export interface Position {
  readonly time: string;
  readonly writer: string;
  readonly seq: number;
}

export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Where the next page starts; undefined when this was the last. */
  readonly next: Position | undefined;
}

/** Below this a file is read through instead of bisected further. */
const BISECT_UNTIL_BYTES = 65_536;

/**
 * One page of records.
 * @throws ProblemError `audit/unreadable` on a line that is no record: a report with a hole would look complete.
 */
export async function queryAudit(directory: string, query: AuditQuery): Promise<AuditPage> {
  const records: AuditRecord[] = [];
  for await (const record of selectAudit(directory, query)) {
    if (records.length === query.limit) {
      const last = records.at(-1);
      return { records, next: last && { time: last.time, writer: last.writer, seq: last.seq } };
    }
    records.push(record);
  }
  return { records, next: undefined };
}

/**
 * All records that the filter selects, as NDJSON, a line at a time, in memory that does not grow with their number.
 * @throws ProblemError `audit/unreadable`, after the lines before the damaged one
 */
export async function* exportAudit(directory: string, filter: AuditFilter): AsyncGenerator<string, void, void> {
  for await (const record of selectAudit(directory, filter)) yield `${JSON.stringify(record)}\n`;
}

/**
 * Merges the chains of all writers by time. Each writer's times never run backwards, so one record of each is held, and
 * the start of the period is found by bisection: neither memory nor time grows with what lies before it.
 */
async function* selectAudit(directory: string, filter: AuditFilter): AsyncGenerator<AuditRecord, void, void> {
  const writers = await listSegments(directory);
  const sources = [...writers.values()].map((segments) => new Source(directory, segments, filter));
  try {
    for (const source of sources) await source.start();
    while (true) {
      let first: Source | undefined;
      for (const source of sources) {
        if (source.head === undefined) continue;
        if (first?.head === undefined || compare(source.head, first.head) < 0) first = source;
      }
      if (first?.head === undefined) return;
      yield first.head;
      await first.advance();
    }
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

/** One writer's chain, standing at the next record that the query asks for. One file is open at a time. */
class Source {
  head: AuditRecord | undefined;
  readonly #directory: string;
  readonly #segments: readonly Segment[];
  readonly #filter: AuditFilter;
  #next = 0;
  #handle: FileHandle | undefined;
  #path = "";
  #lines: AsyncGenerator<string, void, void> | undefined;

  constructor(directory: string, segments: readonly Segment[], filter: AuditFilter) {
    this.#directory = directory;
    this.#segments = segments;
    this.#filter = filter;
  }

  async start(): Promise<void> {
    const from = later(this.#filter.from, this.#filter.after?.time);
    if (from !== undefined) {
      this.#next = await this.#segmentOf(from);
      if (await this.#openNext()) this.#lines = readLines(this.#opened(), await this.#offsetOf(from));
    }
    await this.advance();
  }

  async advance(): Promise<void> {
    this.head = undefined;
    while (true) {
      for (let next = await this.#lines?.next(); next?.done === false; next = await this.#lines?.next()) {
        const record = this.#parse(next.value);
        const { before } = this.#filter;
        if (before !== undefined && record.time >= before) return;
        if (selects(this.#filter, record)) {
          this.head = record;
          return;
        }
      }
      if (!(await this.#openNext())) return;
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** Opens the next segment, to be read from its start. @returns whether there is one. */
  async #openNext(): Promise<boolean> {
    await this.close();
    const segment = this.#segments[this.#next];
    if (segment === undefined) return false;
    this.#next += 1;
    this.#path = join(this.#directory, segment.name);
    this.#handle = await open(this.#path, "r");
    this.#lines = readLines(this.#handle, 0);
    return true;
  }

  /** The last segment that begins before that time: the first one that can hold a record of it. */
  async #segmentOf(time: string): Promise<number> {
    let low = 0;
    let high = this.#segments.length;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      this.#next = middle;
      await this.#openNext();
      const first = await this.#lines?.next();
      if (first?.done === false && this.#parse(first.value).time < time) low = middle;
      else high = middle;
    }
    return low;
  }

  /** A line's start at or before the first record of that time. */
  async #offsetOf(time: string): Promise<number> {
    let low = 0;
    let high = (await this.#opened().stat()).size;
    while (high - low > BISECT_UNTIL_BYTES) {
      const middle = Math.floor((low + high) / 2);
      const line = await lineAfter(this.#opened(), middle);
      if (line !== undefined && line.start < high && this.#parse(line.text).time < time) low = line.start;
      else high = middle;
    }
    return low;
  }

  #opened(): FileHandle {
    if (this.#handle === undefined) throw new Error("no audit segment is open");
    return this.#handle;
  }

  #parse(line: string): AuditRecord {
    return (
      parseLine(line) ??
      refuse({
        code: "audit/unreadable",
        path: this.#path,
        got: "a line that is no audit record",
        expected: "a file that only Breakwater's services add to",
        remedy: "check the directory with `breakwater audit verify` and keep it as evidence",
      })
    );
  }
}

function selects(filter: AuditFilter, record: AuditRecord): boolean {
  const { tenant, from, kind, action, principal, code, decision, after } = filter;
  return (
    (tenant === undefined || record.tenant === tenant) &&
    (from === undefined || record.time >= from) &&
    (kind === undefined || record.kind === kind) &&
    (action === undefined || record.action === action) &&
    (principal === undefined || record.principal === principal) &&
    (code === undefined || record.code === code) &&
    (decision === undefined || record.decision === decision) &&
    (after === undefined || compare(record, after) > 0)
  );
}

function compare(a: Position, b: Position): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.writer !== b.writer) return a.writer < b.writer ? -1 : 1;
  return a.seq - b.seq;
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
