import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditEntry, exportAudit } from "../../runtime/audit/index.ts";

/** An entry as a chat request leaves it. */
export function auditEntry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    kind: "request",
    tenant: "marketing",
    principal: "abcdefgh",
    role: "user",
    action: "agent:chat",
    decision: "allow",
    code: "ok",
    status: 200,
    rules: [],
    agent: "default",
    model: "openclaw/default",
    provider: "echo",
    conversation: "0123456789abcdef0123456789abcdef",
    tokens_in: 812,
    tokens_out: 64,
    cost_micro_usd: 1234,
    target: null,
    duration_ms: 12,
    trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
    content: null,
    ...changes,
  };
}

/** A key that signs checkpoints, and the one that checks them. */
export function checkpointKeys(): { readonly signingKey: KeyObject; readonly publicKey: KeyObject } {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { signingKey: privateKey, publicKey: createPublicKey(privateKey) };
}

/** A folder of its own for one log. */
export function auditFolder(): string {
  return mkdtempSync(join(tmpdir(), "audit-"));
}

/** Every record in a directory, as lines, oldest first. */
export async function auditLines(directory: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportAudit(directory, {})) lines.push(line);
  return lines;
}
