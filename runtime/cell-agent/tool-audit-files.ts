import { createHash } from "node:crypto";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { jsonOrUndefined } from "../json/index.ts";

/**
 * Up to where the tool audit has been delivered. A file is known by the hash of its first line, which holds a random id:
 * it keeps that when it is set aside under another name.
 */
export interface Cursor {
  readonly first: string;
  /** Bytes of that file. */
  readonly offset: number;
}

/** A file that the guard set aside and of which everything has been delivered. */
export interface DeliveredFile {
  readonly number: number;
  readonly first: string;
}

/** What can be delivered next. */
export interface Batch {
  /** One JSON object each. */
  readonly lines: readonly string[];
  /** Half lines, left by writes that failed; their calls did not happen. */
  readonly damaged: number;
  /** Where the next batch begins; undefined as long as there is no file. */
  readonly next: Cursor | undefined;
  /** Files before that place. */
  readonly delivered: readonly DeliveredFile[];
}

/** Most lines and bytes of a batch: what the model router takes in one request. */
export const MAX_BATCH_LINES = 200;
export const MAX_BATCH_BYTES = 131_072;

/** Longest first line, in bytes, that a file is known by; the guard's records are far shorter. */
const MAX_FIRST_LINE_BYTES = 65_536;

/** Looks that may find the guard just setting a file aside, before it is left to the next round. */
const MAX_LOOKS = 5;

interface Segment {
  /** Of a file that was set aside; null for the one that the guard writes. */
  readonly number: number | null;
  readonly first: string;
  readonly handle: FileHandle;
}

/** Reads what follows the cursor: from the oldest file when there is none or when its file is gone. */
export async function nextBatch(file: string, cursor: Cursor | undefined): Promise<Batch> {
  const segments = await openSegments(file);
  try {
    const known = segments.findIndex(({ first }) => first === cursor?.first);
    let index = Math.max(0, known);
    let offset = known < 0 || cursor === undefined ? 0 : cursor.offset;
    let damaged = 0;
    for (; ; index += 1, offset = 0) {
      const segment = segments[index];
      if (segment === undefined) return { lines: [], damaged, next: cursor, delivered: [] };
      const isLast = index === segments.length - 1;
      const read = await readLines(segment.handle, offset, isLast);
      damaged += read.damaged;
      if (read.lines.length === 0 && read.offset === offset && !isLast) continue;
      return {
        lines: read.lines,
        damaged,
        next: { first: segment.first, offset: read.offset },
        delivered: segments.slice(0, index).flatMap(({ number, first }) => (number === null ? [] : { number, first })),
      };
    }
  } finally {
    await closeAll(segments);
  }
}

/** All files, oldest first, as they were at one moment: a file that is set aside in between would be overlooked. */
async function openSegments(file: string): Promise<readonly Segment[]> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const numbers = await numbersSetAside(file);
    const segments: Segment[] = [];
    try {
      for (const number of [...numbers, null]) {
        const segment = await openSegment(file, number);
        if (segment !== undefined) segments.push(segment);
      }
      if (String(numbers) === String(await numbersSetAside(file))) return segments;
    } catch (error) {
      await closeAll(segments);
      throw error;
    }
    await closeAll(segments);
  }
  return [];
}

async function numbersSetAside(file: string): Promise<readonly number[]> {
  const prefix = `${basename(file)}.`;
  const names = await readdir(dirname(file)).catch(notThere);
  return (names ?? [])
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d*$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((one, other) => one - other);
}

/** Undefined when there is no such file, or no whole line in it. */
async function openSegment(file: string, number: number | null): Promise<Segment | undefined> {
  const handle = await open(number === null ? file : join(dirname(file), `${basename(file)}.${number}`)).catch(
    notThere,
  );
  if (handle === undefined) return undefined;
  const head = Buffer.alloc(MAX_FIRST_LINE_BYTES);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  const end = head.subarray(0, bytesRead).indexOf(0x0a);
  if (end >= 0) {
    return { number, first: createHash("sha256").update(head.subarray(0, end)).digest("hex"), handle };
  }
  await handle.close();
  return undefined;
}

async function closeAll(segments: readonly Segment[]): Promise<void> {
  for (const { handle } of segments) await handle.close();
}

/** Whole lines from an offset on. What ends without a line break is damage in a file that grows no more. */
async function readLines(handle: FileHandle, offset: number, grows: boolean) {
  const buffer = Buffer.alloc(MAX_BATCH_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
  const bytes = buffer.subarray(0, bytesRead);
  const lines: string[] = [];
  let damaged = 0;
  let at = 0;
  while (lines.length < MAX_BATCH_LINES) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    const line = bytes.toString("utf8", at, end);
    if (isRecord(line)) lines.push(line);
    else damaged += 1;
    at = end + 1;
  }
  // Without one line break in a full buffer nothing of it can be a record.
  const isHopeless = at === 0 && (bytesRead === buffer.length || (!grows && bytesRead > 0));
  return isHopeless ? { lines, damaged: 1, offset: offset + bytesRead } : { lines, damaged, offset: offset + at };
}

function isRecord(line: string): boolean {
  const value = jsonOrUndefined(line);
  return typeof value === "object" && value !== null && "id" in value;
}

function notThere(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
