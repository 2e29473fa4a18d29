import { open } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../../problems/index.ts";
import { placeOf } from "../chain.ts";
import { listSegments, segmentName } from "../files.ts";
import { lineBlocks } from "../lines.ts";
import type { Head } from "../recover.ts";
import { parseLine } from "../text.ts";
import type { Cursor } from "./cursor.ts";
import type { ShippedRecord } from "./target.ts";

const BATCH_RECORDS = 500;
const BATCH_BYTES = 1_048_576;

/** Records to deliver, and where the cursor stands once they are. */
export interface ShippedBatch {
  readonly records: readonly ShippedRecord[];
  readonly next: Cursor;
}

/**
 * Reads the next batch of a writer's durable records: at most 500, and at most 1 MiB unless one record alone is larger.
 * @returns no records when everything was delivered
 * @throws ProblemError `audit/unreadable`
 */
export async function nextBatch(directory: string, writer: string, from: Cursor, durable: Head): Promise<ShippedBatch> {
  let cursor = from;
  const segments = (await listSegments(directory)).get(writer) ?? [];
  for (const { number } of segments) {
    if (number < cursor.segment || number > durable.segment) continue;
    if (number > cursor.segment) cursor = { ...cursor, segment: number, offset: 0 };
    const until = number === durable.segment ? durable.bytes : Number.POSITIVE_INFINITY;
    const batch = await readBatch(join(directory, segmentName(writer, number)), cursor, until);
    if (batch.records.length > 0) return batch;
  }
  return { records: [], next: cursor };
}

async function readBatch(path: string, from: Cursor, until: number): Promise<ShippedBatch> {
  const records: ShippedRecord[] = [];
  let bytes = 0;
  let { offset, seq } = from;
  const handle = await open(path, "r");
  try {
    for await (const { lines } of lineBlocks(handle, from.offset, until)) {
      for (const { start, bytes: line } of lines) {
        if (records.length === BATCH_RECORDS || (bytes > 0 && bytes + line.length > BATCH_BYTES)) {
          return { records, next: { ...from, offset, seq } };
        }
        const record = shipped(line, path);
        records.push(record);
        bytes += line.length;
        offset = start + line.length + 1;
        seq = record.seq;
      }
    }
    return { records, next: { ...from, offset, seq } };
  } finally {
    await handle.close();
  }
}

function shipped(line: Buffer, path: string): ShippedRecord {
  const text = line.toString("utf8");
  const record = placeOf(line) === undefined ? undefined : parseLine(text);
  if (record === undefined) {
    return refuse({
      code: "audit/unreadable",
      path,
      got: "a line that is no audit record",
      expected: "a file that only this service adds to",
      remedy: "check the directory with `breakwater audit verify` and keep it as evidence",
    });
  }
  const { writer, seq, time, hash, kind, decision } = record;
  return { writer, seq, time, hash, kind, decision, text };
}
