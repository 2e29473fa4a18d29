import { open } from "node:fs/promises";
import { readLines } from "../../runtime/audit/lines.ts";
import { GENESIS, hashOf } from "../../runtime/audit/record.ts";
import { parseLine } from "../../runtime/audit/recover.ts";

/** What a check of one writer's file found. */
type ChainReport =
  | { readonly intact: true; readonly records: number; readonly head: string }
  | { readonly intact: false; readonly line: number; readonly reason: string };

/**
 * Checks every record of one file: its own hash, its link to the one before, its number. Memory does not grow with the file.
 * A cut at the end of the file is not visible to a chain alone; compare `head` with a copy kept elsewhere.
 */
export async function verifyAuditFile(path: string): Promise<ChainReport> {
  const handle = await open(path, "r");
  try {
    let line = 0;
    let head = GENESIS;
    for await (const text of readLines(handle, 0)) {
      line += 1;
      const record = parseLine(text);
      if (record === undefined) return { intact: false, line, reason: "no audit record" };
      if (record.seq !== line) return { intact: false, line, reason: `seq is ${record.seq}` };
      if (record.prev !== head) return { intact: false, line, reason: "prev is not the hash of the record before" };
      if (hashOf(record) !== record.hash) return { intact: false, line, reason: "hash does not fit the record" };
      head = record.hash;
    }
    return { intact: true, records: line, head };
  } finally {
    await handle.close();
  }
}
