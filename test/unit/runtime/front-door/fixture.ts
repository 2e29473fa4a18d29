import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { AuditLog, type AuditRecord, queryAudit } from "../../../../runtime/audit/index.ts";
import { buildApp } from "../../../../runtime/front-door/app.ts";
import { openCells } from "../../../../runtime/front-door/upstream.ts";
import { createApiKey, Keyring } from "../../../../runtime/identity/index.ts";
import { FrontDoorSettings } from "../../../../runtime/settings/services.ts";

export const TENANTS = ["marketing", "engineering", "service"] as const;
export const ROLES = ["admin", "agent_manager", "user", "auditor"] as const;

/** What a fake cell saw. */
export interface Seen {
  readonly tenant: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export type Answer = (response: http.ServerResponse, seen: Seen) => void;

/** A completion that names its tenant, so that a reply shows whose cell it came from. */
export const completion: Answer = (response, { tenant, path }) => {
  const details = { results: [{ path: "MEMORY.md", startLine: 3, score: 1, snippet: tenant }] };
  const chat = {
    id: `chatcmpl_${tenant}`,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: tenant }, finish_reason: "stop" }],
    usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
  };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(path === "/tools/invoke" ? { ok: true, result: { details } } : chat));
};

/** A front door over fake cells on loopback: HTTP servers that check the gateway token and answer as told. */
export interface FrontDoor {
  readonly app: FastifyInstance;
  readonly audit: AuditLog;
  readonly auditDirectory: string;
  /** By `${tenant ?? "any"} ${role}`. */
  readonly keys: ReadonlyMap<string, { readonly key: string; readonly id: string }>;
  readonly seen: Seen[];
  answer: Answer;
  readonly cellServers: ReadonlyMap<string, http.Server>;
  readonly bearer: (tenant: string | null, role: string) => Record<string, string>;
  readonly records: () => Promise<readonly AuditRecord[]>;
  readonly close: () => Promise<void>;
}

export async function openFrontDoor(
  options: { timeoutSeconds?: number; maxBodyBytes?: number } = {},
): Promise<FrontDoor> {
  const seen: Seen[] = [];
  const cellServers = new Map<string, http.Server>();
  for (const tenant of TENANTS) cellServers.set(tenant, await fakeCell(tenant));
  const auditDirectory = mkdtempSync(join(tmpdir(), "front-door-audit-"));
  const settings = FrontDoorSettings.parse({
    listen: { port: 18789 },
    max_body_bytes: options.maxBodyBytes ?? 65_536,
    upstream_timeout_seconds: options.timeoutSeconds ?? 10,
    tenants: TENANTS.map((id) => {
      const address = cellServers.get(id)?.address() as AddressInfo | undefined;
      const base_url = `http://127.0.0.1:${address?.port}`;
      return { id, name: id, cell: { base_url, gateway_token_file: `/run/${id}.token` } };
    }),
    roles: [
      { name: "admin", permissions: ["*"] },
      { name: "agent_manager", permissions: ["agent:create", "agent:update"] },
      { name: "user", permissions: ["agent:chat", "agent:view"] },
      { name: "auditor", permissions: ["log:view", "audit:export"] },
    ],
    api_keys_file: "/run/api-keys.json",
    session_secret_file: "/run/session-secret",
    audit: { directory: auditDirectory },
  });
  const now = () => new Date("2026-11-23T12:00:00Z");
  const made = [...TENANTS, null].flatMap((tenant) =>
    ROLES.map((role) => ({ name: nameOf(tenant, role), ...createApiKey({ tenant, role, now: now(), expires: null }) })),
  );
  const keyring = new Keyring(made.map(({ record }) => record));
  const keys = new Map(made.map(({ name, key, record }) => [name, { key, id: record.id }]));
  const audit = await AuditLog.open({ directory: auditDirectory, writer: "test", now, notify: () => {} });
  const cells = openCells(settings, (tenant) => `gateway-${tenant}`);
  const app = buildApp(settings, {
    keyring: () => keyring,
    sessionSecret: randomBytes(32).toString("base64url"),
    cells,
    audit,
    now,
    nowMs: () => performance.now(),
    draining: () => false,
    logLevel: "silent",
  });
  const everything = { tenant: undefined, from: undefined, before: undefined, limit: 100_000, after: undefined };
  const door: FrontDoor = {
    app,
    audit,
    auditDirectory,
    keys,
    seen,
    answer: completion,
    cellServers,
    bearer: (tenant, role) => ({ authorization: `Bearer ${keys.get(nameOf(tenant, role))?.key}` }),
    records: async () => (await queryAudit(auditDirectory, everything)).records,
    close: async () => {
      await app.close();
      for (const server of cellServers.values()) {
        server.closeAllConnections();
        server.close();
      }
      await cells.close();
      await audit.close();
    },
  };
  return door;

  async function fakeCell(tenant: string): Promise<http.Server> {
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const entry = {
          tenant,
          path: request.url ?? "",
          headers: request.headers,
          body: JSON.parse(Buffer.concat(chunks).toString("utf8")),
        };
        seen.push(entry);
        if (request.headers.authorization === `Bearer gateway-${tenant}`) door.answer(response, entry);
        else response.writeHead(401).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }
}

function nameOf(tenant: string | null, role: string): string {
  return `${tenant ?? "any"} ${role}`;
}

export const chat = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: "openclaw",
  messages: [{ role: "user", content: "hello" }],
  ...extra,
});
