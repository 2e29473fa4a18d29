import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../problems/index.ts";
import { lineAfter, readLines } from "./lines.ts";
import type { AuditRecord } from "./record.ts";
import { parseLine } from "./recover.ts";

/** Which records of all writers to read, oldest first. */
export interface AuditQuery {
  /** Only this tenant's records; undefined: everybody's, those without a tenant included. */
  readonly tenant: string | undefined;
  /** ISO instant, inclusive. */
  readonly from: string | undefined;
  /** ISO instant, exclusive. */
  readonly before: string | undefined;
  readonly limit: number;
  /** The last record of the page before; reading goes on after it. */
  readonly after: Position | undefined;
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

const AUDIT_FILE = /^audit-.+\.jsonl$/;
/** Below this a file is read through instead of bisected further. */
const BISECT_UNTIL_BYTES = 65_536;

/**
 * Merges the files of all writers by time. Each writer's times never run backwards, so one record per file is held, and
 * the start of the period is found by bisection: neither memory nor time grows with what lies before it.
 * @throws ProblemError `audit/unreadable` on a line that is no record: a report with a hole would look complete.
 */
export async function queryAudit(directory: string, query: AuditQuery): Promise<AuditPage> {
  const names = (await readdir(directory)).filter((name) => AUDIT_FILE.test(name)).sort();
  const sources: Source[] = [];
  try {
    for (const name of names) sources.push(await Source.open(join(directory, name), query));
    return await merge(sources, query);
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

async function merge(sources: readonly Source[], { limit }: AuditQuery): Promise<AuditPage> {
  const records: AuditRecord[] = [];
  while (true) {
    let first: Source | undefined;
    for (const source of sources) {
      if (source.head === undefined) continue;
      if (first?.head === undefined || compare(source.head, first.head) < 0) first = source;
    }
    if (first?.head === undefined) return { records, next: undefined };
    if (records.length === limit) {
      const last = records.at(-1);
      return { records, next: last && { time: last.time, writer: last.writer, seq: last.seq } };
    }
    records.push(first.head);
    await first.advance();
  }
}

/** One writer's file, standing at the next record that the query asks for. */
class Source {
  head: AuditRecord | undefined;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #query: AuditQuery;
  #lines: AsyncGenerator<string, void, void> | undefined;

  private constructor(handle: FileHandle, path: string, query: AuditQuery) {
    this.#handle = handle;
    this.#path = path;
    this.#query = query;
  }

  static async open(path: string, query: AuditQuery): Promise<Source> {
    const source = new Source(await open(path, "r"), path, query);
    try {
      const from = later(query.from, query.after?.time);
      const start = from === undefined ? 0 : await source.#offsetOf(from);
      source.#lines = readLines(source.#handle, start);
      await source.advance();
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  async advance(): Promise<void> {
    const { tenant, from, before, after } = this.#query;
    this.head = undefined;
    for (let next = await this.#lines?.next(); next?.done === false; next = await this.#lines?.next()) {
      const record = this.#parse(next.value);
      if (before !== undefined && record.time >= before) return;
      const wanted =
        (tenant === undefined || record.tenant === tenant) &&
        (from === undefined || record.time >= from) &&
        (after === undefined || compare(record, after) > 0);
      if (wanted) {
        this.head = record;
        return;
      }
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** A line's start at or before the first record of that time. */
  async #offsetOf(time: string): Promise<number> {
    let low = 0;
    let high = (await this.#handle.stat()).size;
    while (high - low > BISECT_UNTIL_BYTES) {
      const middle = Math.floor((low + high) / 2);
      const line = await lineAfter(this.#handle, middle);
      if (line !== undefined && line.start < high && this.#parse(line.text).time < time) low = line.start;
      else high = middle;
    }
    return low;
  }

  #parse(line: string): AuditRecord {
    return (
      parseLine(line) ??
      refuse({
        code: "audit/unreadable",
        path: this.#path,
        got: "a line that is no audit record",
        expected: "a file that only the front door appends to",
        remedy: "check the file with the audit verification and keep it as evidence",
      })
    );
  }
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
