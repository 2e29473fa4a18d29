import { z } from "zod";

/** What `prev` says in a writer's first record. */
export const GENESIS: string = "0".repeat(64);

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

/**
 * One line of the audit log: who did what, whether they were let, and how it ended. The order of the fields is the order
 * in the file. Reading refuses any other shape.
 */
export const AuditRecord = z.strictObject({
  /** Version of this shape. */
  v: z.literal(1),
  /** Place in this writer's chain, from 1. */
  seq: z.number().int().positive(),
  /** When the record was made, UTC; the request began `duration_ms` earlier. Never runs backwards within one writer. */
  time: z.iso.datetime({ precision: 3 }),
  /** The replica that wrote it. */
  writer: z.string(),
  kind: z.enum(["request", "model", "tool", "admin", "system"]),
  tenant: z.string().nullable(),
  /** Id of the API key; null when the request carried no valid one. */
  principal: z.string().nullable(),
  role: z.string().nullable(),
  /** The permission asked for, or `model:complete`, `tool:<name>`, `key:create` and the like. */
  action: z.string(),
  decision: z.enum(["allow", "deny"]),
  /** `ok`, or the stable code of the error that the caller got. */
  code: z.string(),
  /** HTTP status of the answer. */
  status: count.nullable(),
  /** Screening rules that matched, as `name:action`. Never what they matched. */
  rules: z.array(z.string()),
  agent: z.string().nullable(),
  model: z.string().nullable(),
  provider: z.string().nullable(),
  /** The keyed hash that names the conversation towards the cell. */
  conversation: z.string().nullable(),
  tokens_in: count.nullable(),
  tokens_out: count.nullable(),
  cost_micro_usd: count.nullable(),
  /** What an admin act or a tool call was about: a key id, an agent id, a tool call id. */
  target: z.string().nullable(),
  duration_ms: count,
  trace_id: z.string().nullable(),
  /** Null unless the log keeps content. */
  content: z.strictObject({ request: z.string().nullable(), reply: z.string().nullable() }).nullable(),
  /** `hash` of the record before. */
  prev: sha256Hex,
  /** SHA-256 of this line's bytes up to and without `,"hash":`. */
  hash: sha256Hex,
});
export type AuditRecord = z.output<typeof AuditRecord>;

/** What the caller knows about an act; the log adds its place in the chain. */
export interface AuditEntry {
  readonly kind: "request" | "model" | "tool" | "admin" | "system";
  readonly tenant: string | null;
  /** Id of the API key. */
  readonly principal: string | null;
  readonly role: string | null;
  readonly action: string;
  readonly decision: "allow" | "deny";
  readonly code: string;
  readonly status: number | null;
  /** `name:action` of each screening rule that matched. */
  readonly rules: readonly string[];
  readonly agent: string | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly conversation: string | null;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost_micro_usd: number | null;
  readonly target: string | null;
  /** Rounded to whole milliseconds. */
  readonly duration_ms: number;
  readonly trace_id: string | null;
  /** Kept only by a log that includes content. */
  readonly content: { readonly request: string | null; readonly reply: string | null } | null;
}

/** A record's place in its writer's chain. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
  readonly time: string;
}

/** Before a writer's first record. */
export const START: Link = { seq: 0, hash: GENESIS, time: "" };

/** An entry about the log itself. */
export function systemEntry(action: string, target: string): AuditEntry {
  const nobody = { tenant: null, principal: null, role: null, agent: null, model: null, provider: null } as const;
  const nothing = { conversation: null, tokens_in: null, tokens_out: null, cost_micro_usd: null } as const;
  const outcome = { decision: "allow", code: "ok", status: null, rules: [], duration_ms: 0 } as const;
  return { kind: "system", ...nobody, ...nothing, ...outcome, action, target, trace_id: null, content: null };
}
