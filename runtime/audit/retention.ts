import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { placeOf } from "./chain.ts";
import { type AuditDisk, localDisk } from "./disk.ts";
import { checkpointsName, listCheckpoints, listSegments, type Segment } from "./files.ts";
import { lastLine } from "./lines.ts";
import type { AuditLog } from "./log.ts";
import type { Link } from "./record.ts";
import { removalEntry } from "./removal.ts";

const DAY_MS = 86_400_000;
/** How much longer than asked a segment is kept for an export that has not taken it. */
export const UNSHIPPED_GRACE_DAYS = 30;

export interface RetentionOptions {
  readonly directory: string;
  readonly writer: string;
  readonly retentionDays: number;
  readonly now: () => Date;
  /** The first segment that some export has still to deliver. */
  readonly unshipped: () => number;
  readonly disk?: AuditDisk;
}

/**
 * Removes a writer's whole segments whose last record is older than the retention, oldest first, and never the one that is
 * written to. That it does so is a record of the log, durable and signed before the file goes: the chain may begin there
 * and nowhere else. A segment that an export has not taken is kept, but not longer than 30 days more.
 * @returns the names of the removed segments
 */
export async function removeExpired(log: AuditLog, options: RetentionOptions): Promise<readonly string[]> {
  const { directory, writer, disk = localDisk } = options;
  const segments = (await listSegments(directory)).get(writer) ?? [];
  await removeLeftCheckpoints(options, segments[0]?.number ?? 0, disk);
  const removed: string[] = [];
  for (const segment of segments) {
    if (segment.number >= log.durable.segment) break;
    const end = await endOf(join(directory, segment.name));
    if (end === undefined || !isExpired(segment, end, options)) break;
    await log.append(removalEntry({ file: segment.name, seq: end.seq, hash: end.hash }));
    await log.checkpoint();
    await removeFiles(directory, segment, disk);
    removed.push(segment.name);
  }
  return removed;
}

function isExpired(segment: Segment, end: Link, { retentionDays, now, unshipped }: RetentionOptions): boolean {
  const days = (now().getTime() - Date.parse(end.time)) / DAY_MS;
  return days > retentionDays && (segment.number < unshipped() || days > retentionDays + UNSHIPPED_GRACE_DAYS);
}

async function removeFiles(directory: string, { name, writer, number }: Segment, disk: AuditDisk): Promise<void> {
  // What a crash left of this segment's records is as old as they are.
  const torn = (await readdir(directory)).filter((file) => file.startsWith(`${name}.torn-after-`));
  for (const file of [name, checkpointsName(writer, number), ...torn]) await disk.remove(join(directory, file));
}

/** Checkpoints that a crash left when it came between the removal of their segment and their own. */
async function removeLeftCheckpoints(options: RetentionOptions, first: number, disk: AuditDisk): Promise<void> {
  const { directory, writer } = options;
  for (const { number, name } of (await listCheckpoints(directory)).get(writer) ?? []) {
    if (number < first) await disk.remove(join(directory, name));
  }
}

/** The last record of a closed segment; undefined when it is damaged, and then it stays. */
async function endOf(path: string): Promise<Link | undefined> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const line = await lastLine(handle, size);
    return line && placeOf(line.bytes);
  } finally {
    await handle.close();
  }
}
