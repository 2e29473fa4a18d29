import { createHash } from "node:crypto";
import { z } from "zod";

/** What `prev` says in a writer's first record. */
export const GENESIS: string = "0".repeat(64);

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** One request in the audit log: who did what and how it ended. Never holds content of a message. */
export const AuditRecord = z.strictObject({
  /** Place in this writer's chain, from 1. */
  seq: z.number().int().positive(),
  /** When the record was written, UTC; the request began `duration_ms` earlier. Never runs backwards within one writer. */
  time: z.iso.datetime(),
  /** The replica that wrote it. */
  writer: z.string(),
  tenant: z.string().nullable(),
  /** Id of the API key; null when the request carried no valid one. */
  principal: z.string().nullable(),
  role: z.string().nullable(),
  /** The permission that was asked for, or `none` when the request met no route that needs one. */
  action: z.string(),
  decision: z.enum(["allow", "deny"]),
  /** `ok`, or the stable code of the error that the caller got. */
  code: z.string(),
  status: z.number().int(),
  model: z.string().nullable(),
  /** The keyed hash that names the conversation towards the cell. */
  conversation: z.string().nullable(),
  /** Total tokens that the cell reported. */
  tokens: z.number().int().nullable(),
  duration_ms: z.number().int().nonnegative(),
  trace_id: z.string().nullable(),
  /** `hash` of the record before. */
  prev: sha256Hex,
  hash: sha256Hex,
});
export type AuditRecord = z.output<typeof AuditRecord>;

/** What the caller knows about a request; the log adds its place in the chain. */
export type AuditEntry = Omit<AuditRecord, "seq" | "time" | "writer" | "prev" | "hash">;

/** The file that one writer appends to. Replicas share the directory and nothing else. */
export function auditFileName(writer: string): string {
  return `audit-${writer}.jsonl`;
}

/** Completes an entry into the record that follows `prev`. Field order is fixed, because the hash covers the JSON text. */
export function chain(
  entry: AuditEntry,
  place: { readonly seq: number; readonly time: string; readonly writer: string; readonly prev: string },
): AuditRecord {
  const { seq, time, writer, prev } = place;
  const { tenant, principal, role, action, decision, code, status, model, conversation } = entry;
  const { tokens, duration_ms, trace_id } = entry;
  const head = { seq, time, writer, tenant, principal, role, action, decision, code, status, model, conversation };
  const body = { ...head, tokens, duration_ms, trace_id, prev };
  return { ...body, hash: sha256(JSON.stringify(body)) };
}

/** The hash that a record should carry: SHA-256 of its own JSON text without `hash`, which includes `prev`. */
export function hashOf(record: AuditRecord): string {
  const { hash: _, ...body } = record;
  return sha256(JSON.stringify(body));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
