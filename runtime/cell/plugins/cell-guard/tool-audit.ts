import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** One tool call, without its content: who called what, and what became of it. */
export interface ToolAuditRecord {
  readonly time: string;
  readonly tenant: string;
  readonly agent: string | null;
  readonly session: string | null;
  readonly run: string | null;
  readonly call: string | null;
  readonly tool: string;
  readonly decision: "allow" | "deny";
  /** The configured text that denied the call. */
  readonly rule: string | null;
}

/** The file is set aside as `<file>.1` at this size, so the log never takes more than twice as much. */
export const MAX_AUDIT_BYTES = 16_777_216;

/** Appends one JSON line; throws when it cannot, and then the call must not happen. */
export function appendToolAudit(file: string, record: ToolAuditRecord): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_AUDIT_BYTES) renameSync(file, `${file}.1`);
  appendFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}
