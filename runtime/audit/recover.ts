import type { FileHandle } from "node:fs/promises";
import { refuse } from "../problems/index.ts";
import { type AuditRecord, AuditRecord as AuditRecordSchema, GENESIS, hashOf } from "./record.ts";

/** Where a chain goes on: the last durable record's place and where the next byte goes. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
  readonly time: string;
  readonly bytes: number;
}

export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: GENESIS, time: "", bytes: 0 };

const CHUNK_BYTES = 65_536;
const NEWLINE = 0x0a;

/** What stands at the end of an audit file: the head of its chain and the bytes of a record that a crash cut short. */
export interface Tail {
  readonly head: ChainHead;
  readonly torn: Buffer;
}

/**
 * Reads the end of an audit file backwards, so that reopening costs the same whatever the file's size.
 * @throws ProblemError `audit/broken-chain` when the last whole line is no record or its hash does not fit.
 */
export async function readTail(handle: FileHandle, path: string): Promise<Tail> {
  const { size } = await handle.stat();
  let start = size;
  let read = Buffer.alloc(0);
  let end = -1;
  let previous = -1;
  while (start > 0 && previous < 0) {
    const length = Math.min(CHUNK_BYTES, start);
    start -= length;
    const chunk = Buffer.alloc(length);
    await handle.read(chunk, 0, length, start);
    read = Buffer.concat([chunk, read]);
    end = read.lastIndexOf(NEWLINE);
    previous = end > 0 ? read.lastIndexOf(NEWLINE, end - 1) : -1;
  }
  if (end < 0) return { head: EMPTY_CHAIN, torn: read };
  const record = parseRecord(read.subarray(previous + 1, end).toString("utf8"), path);
  const head = { seq: record.seq, hash: record.hash, time: record.time, bytes: start + end + 1 };
  return { head, torn: read.subarray(end + 1) };
}

function parseRecord(line: string, path: string): AuditRecord {
  const record = parseLine(line);
  if (record !== undefined && hashOf(record) === record.hash) return record;
  return refuse({
    code: "audit/broken-chain",
    path,
    got: "a last line that is no intact audit record",
    expected: "a file that only this service appends to",
    remedy: "keep the file as evidence, move it out of the audit directory and start again",
  });
}

/** One line as a record, or undefined when it is none. */
export function parseLine(line: string): AuditRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return AuditRecordSchema.safeParse(value).data;
}
