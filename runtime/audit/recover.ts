import type { KeyObject } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../problems/index.ts";
import { ChainCheck, placeOf } from "./chain.ts";
import { type Checkpoint, isSigned, lastCheckpointLine, parseCheckpoint } from "./checkpoint.ts";
import { checkpointsName, listSegments, type Segment } from "./files.ts";
import { lastLine, lineBlocks } from "./lines.ts";
import { GENESIS, type Link, START } from "./record.ts";

/** Where a writer's chain goes on: its last record, and where the next byte goes. */
export interface Head extends Link {
  /** Number of the segment that is written to; 0 before there is one. */
  readonly segment: number;
  /** Size of that segment up to its last whole record. */
  readonly bytes: number;
  /** When that segment's first record was made; empty when it has none. */
  readonly since: string;
}

export const NO_HEAD: Head = { ...START, segment: 0, bytes: 0, since: "" };

/** What stands at the end of a writer's chain. */
export interface Tail {
  readonly head: Head;
  /** What a crash left after the last whole record. */
  readonly torn: Buffer;
}

/** A place in the last segment from which on its lines are read and checked. */
interface Anchor {
  readonly offset: number;
  readonly link: Link;
}

/**
 * Finds where a writer's chain goes on. Reads from the last checkpoint on, so that opening costs the same whatever the
 * size of the log; without checkpoints it reads the last segment.
 *
 * Bytes after the last good record are torn, and may be set aside, when a crash can have left them: a line cut short, or
 * zeros where a sector was not written. Anything else there was put there by somebody.
 * @param publicKey with it, checkpoints that it did not sign are refused
 * @throws ProblemError `audit/broken-chain`
 */
export async function readTail(directory: string, writer: string, publicKey: KeyObject | undefined): Promise<Tail> {
  const segments = (await listSegments(directory)).get(writer) ?? [];
  const last = segments.at(-1);
  if (last === undefined) {
    return { head: NO_HEAD, torn: Buffer.alloc(0) };
  }
  const path = join(directory, last.name);
  const handle = await open(path, "r");
  try {
    const anchor = await anchorOf(directory, segments, last, handle, publicKey);
    return await scan(handle, path, last, anchor);
  } finally {
    await handle.close();
  }
}

async function anchorOf(
  directory: string,
  segments: readonly Segment[],
  last: Segment,
  handle: FileHandle,
  publicKey: KeyObject | undefined,
): Promise<Anchor> {
  const path = join(directory, last.name);
  const own = await checkpointOf(directory, last, publicKey);
  if (own !== undefined) {
    const line = await lastLine(handle, own.bytes);
    const place = line && placeOf(line.bytes);
    const fits = line !== undefined && line.start + line.bytes.length + 1 === own.bytes && place?.hash === own.hash;
    if (place === undefined || !fits) broken(path, `a file that does not reach its checkpoint at seq ${own.seq}`);
    return { offset: own.bytes, link: place };
  }
  const before = segments.at(-2);
  if (before === undefined) return { offset: 0, link: await linkBefore(handle, last) };
  const link = await endOf(join(directory, before.name));
  const checkpoint = await checkpointOf(directory, before, publicKey);
  if (checkpoint !== undefined && checkpoint.seq > link.seq) {
    broken(join(directory, before.name), `a file that does not reach its checkpoint at seq ${checkpoint.seq}`);
  }
  return { offset: 0, link };
}

/** The last checkpoint of a segment, signed by the key when there is one; undefined when the segment has none. */
async function checkpointOf(
  directory: string,
  { writer, number, name }: Segment,
  publicKey: KeyObject | undefined,
): Promise<Checkpoint | undefined> {
  const path = join(directory, checkpointsName(writer, number));
  const line = await lastCheckpointLine(path);
  if (line === undefined || line.includes("\0")) return undefined;
  const checkpoint = parseCheckpoint(line);
  const signed = publicKey === undefined || isSigned(line, publicKey);
  if (checkpoint === undefined || !signed || checkpoint.file !== name) {
    return broken(path, "a last checkpoint that this log's key did not sign");
  }
  return checkpoint;
}

/** What the first record of the first segment that is left links to: nothing, or records that retention removed. */
async function linkBefore(handle: FileHandle, { number }: Segment): Promise<Link> {
  if (number === 1) return START;
  const { size } = await handle.stat();
  for await (const { lines } of lineBlocks(handle, 0, size)) {
    const text = lines[0]?.bytes;
    const place = text && placeOf(text);
    if (place !== undefined) return { seq: place.seq - 1, hash: place.prev, time: "" };
    break;
  }
  return { seq: 0, hash: GENESIS, time: "" };
}

/** The last record of a segment that is no longer written to. */
async function endOf(path: string): Promise<Link> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const line = await lastLine(handle, size);
    const place = line && placeOf(line.bytes);
    if (place === undefined || line === undefined || line.start + line.bytes.length + 1 !== size) {
      return broken(path, "an end that is no audit record, in a file that was closed");
    }
    return place;
  } finally {
    await handle.close();
  }
}

async function scan(handle: FileHandle, path: string, segment: Segment, anchor: Anchor): Promise<Tail> {
  const { size } = await handle.stat();
  const check = new ChainCheck(segment.writer, anchor.link);
  const since = await firstTime(handle, size);
  let good = anchor.offset;
  let wrong: string | undefined;
  for await (const { lines } of lineBlocks(handle, anchor.offset, size)) {
    for (const { start, bytes } of lines) {
      const outcome = check.push(bytes);
      if (typeof outcome !== "string") {
        wrong = outcome.message;
        break;
      }
      good = start + bytes.length + 1;
    }
    if (wrong !== undefined) break;
  }
  const torn = Buffer.alloc(size - good);
  await handle.read(torn, 0, torn.length, good);
  if (wrong !== undefined && !torn.includes(0)) broken(path, `after seq ${check.link.seq}: ${wrong}`);
  const { seq, hash, time } = check.link;
  const head = { seq, hash, time, segment: segment.number, bytes: good, since: good === 0 ? "" : since };
  return { head, torn };
}

async function firstTime(handle: FileHandle, size: number): Promise<string> {
  for await (const { lines } of lineBlocks(handle, 0, size)) {
    const first = lines[0]?.bytes;
    return (first && placeOf(first)?.time) ?? "";
  }
  return "";
}

function broken(path: string, got: string): never {
  return refuse({
    code: "audit/broken-chain",
    path,
    got,
    expected: "files that only this service adds to",
    remedy: "check them with `breakwater audit verify`, keep them as evidence, move them away and start again",
  });
}
