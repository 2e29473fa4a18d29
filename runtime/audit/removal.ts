import { type AuditEntry, systemEntry } from "./record.ts";

/** What retention took away: a writer's chain may begin after it, and nowhere else. */
export interface Removal {
  readonly file: string;
  /** The last record of the removed segment. */
  readonly seq: number;
  readonly hash: string;
}

const REMOVED = "audit:segment-removed";
const TARGET = /^(audit-[A-Za-z0-9._-]+\.jsonl) up to seq (\d{1,16}) hash ([0-9a-f]{64})$/;

/** The record that is made durable before a segment is removed. */
export function removalEntry({ file, seq, hash }: Removal): AuditEntry {
  return systemEntry(REMOVED, `${file} up to seq ${seq} hash ${hash}`);
}

/** What a record says was removed; undefined when it is about something else. */
export function removalOf(record: {
  readonly kind: string;
  readonly action: string;
  readonly target: string | null;
}): Removal | undefined {
  if (record.kind !== "system" || record.action !== REMOVED || record.target === null) return undefined;
  const [, file, seq, hash] = TARGET.exec(record.target) ?? [];
  return file === undefined || hash === undefined ? undefined : { file, seq: Number(seq), hash };
}
