import { createSecretKey, randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { AuditLog, type AuditRecord, queryAudit } from "../../../../runtime/audit/index.ts";
import { AgentStore } from "../../../../runtime/front-door/agents/store.ts";
import { AgentSync } from "../../../../runtime/front-door/agents/sync.ts";
import { buildApp, type FrontDoorDeps } from "../../../../runtime/front-door/app.ts";
import { openCells } from "../../../../runtime/front-door/chat/upstream.ts";
import { createApiKey, Keyring, KeyStore, PrincipalSigner, Roles } from "../../../../runtime/identity/index.ts";
import { ServiceMetrics } from "../../../../runtime/metrics/index.ts";
import { Screen } from "../../../../runtime/screening/index.ts";
import { FrontDoorSettings, type Limits } from "../../../../runtime/settings/services.ts";
import type { Database } from "../../../../runtime/state/index.ts";

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

/** A completion that names its tenant, so that a reply shows whose cell it came from; a stream where one is asked for. */
export const completion: Answer = (response, { tenant, path, body }) => {
  if (body["stream"] === true) {
    const event = { choices: [{ index: 0, delta: { content: tenant } }] };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`);
    return;
  }
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

/** What a test wants to be different. */
export interface DoorOptions {
  readonly timeoutSeconds?: number;
  readonly maxBodyBytes?: number;
  /** More of the settings, merged on top. */
  readonly settings?: Record<string, unknown>;
  readonly tenant?: (id: string) => Record<string, unknown>;
  /** The limits of every key. */
  readonly keyLimits?: Limits;
  /** Agents besides the default one. */
  readonly agents?: Readonly<Record<string, readonly string[]>>;
  readonly deps?: Partial<FrontDoorDeps>;
}

/** A front door over fake cells on loopback: HTTP servers that check the gateway token and answer as told. */
export interface FrontDoor {
  readonly app: FastifyInstance;
  readonly audit: AuditLog;
  readonly auditDirectory: string;
  readonly metrics: ServiceMetrics;
  readonly settings: FrontDoorSettings;
  /** By `${tenant ?? "any"} ${role}`. */
  readonly keys: ReadonlyMap<string, { readonly key: string; readonly id: string }>;
  readonly seen: Seen[];
  answer: Answer;
  readonly cellServers: ReadonlyMap<string, http.Server>;
  readonly bearer: (tenant: string | null, role: string) => Record<string, string>;
  readonly records: () => Promise<readonly AuditRecord[]>;
  /** Listens on loopback, once. */
  readonly port: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Tests that need a database bring their own. */
const noDatabase: Database = {
  query: () => Promise.reject(new Error("no database in this test")),
  transaction: () => Promise.reject(new Error("no database in this test")),
  listen: async () => async () => {},
  healthy: async () => false,
  close: async () => {},
};

export const FIXTURE_ROLES = [
  { name: "admin", permissions: ["*"] },
  { name: "agent_manager", permissions: ["agent:create", "agent:update"] },
  { name: "user", permissions: ["agent:chat", "agent:view"] },
  { name: "auditor", permissions: ["log:view", "audit:export"] },
];

export async function openFrontDoor(options: DoorOptions = {}): Promise<FrontDoor> {
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
      return { id, name: id, cell: { base_url, gateway_token_file: `/run/${id}.token` }, ...options.tenant?.(id) };
    }),
    roles: FIXTURE_ROLES,
    api_keys_file: "/run/api-keys.json",
    session_secret_file: "/run/session-secret",
    principal_secret_file: "/run/principal-secret",
    database: { kind: "pglite" },
    audit: { directory: auditDirectory, signing_key_file: "/run/audit-key.pem" },
    ...options.settings,
  });
  const now = () => new Date("2026-11-23T12:00:00Z");
  const nowMs = () => performance.now();
  const made = [...TENANTS, null].flatMap((tenant) =>
    ROLES.map((role) => ({ name: nameOf(tenant, role), ...createApiKey({ tenant, role, now: now(), expires: null }) })),
  );
  const limits = options.keyLimits ?? {};
  const keyring = new Keyring(
    made.map(({ record }) => ({ ...record, limits })),
    { roles: new Roles(settings.roles) },
  );
  const keys = new Map(made.map(({ name, key, record }) => [name, { key, id: record.id }]));
  const { include_content: includeContent } = settings.audit;
  const audit = await AuditLog.open({
    directory: auditDirectory,
    writer: "test",
    now,
    notify: () => {},
    includeContent,
  });
  const cells = openCells(settings, (tenant) => `gateway-${tenant}`);
  const metrics = new ServiceMetrics("front-door", { tenants: TENANTS });
  const store = new AgentStore(noDatabase, now);
  const cellAgents = { has: () => false, get: async () => [], put: async () => {} };
  const live = { current: () => keyring, fresh: () => true, check: async () => {} };
  const app = buildApp(settings, {
    keyring: live.current,
    keysFresh: live.fresh,
    keys: new KeyStore({ database: noDatabase, keyring: live, roles: settings.roles, now, nowMs }),
    sessionKey: createSecretKey(randomBytes(32)),
    principals: new PrincipalSigner(randomBytes(32).toString("base64url"), () => now().getTime()),
    cells,
    agents: {
      directory: {
        has: (tenant, agent) => agent === "default" || options.agents?.[tenant]?.includes(agent) === true,
        list: () => [],
        refresh: async () => {},
        close: async () => {},
      },
      store,
      sync: new AgentSync({ tenants: TENANTS, store, cells: cellAgents, notify: () => {} }),
    },
    database: noDatabase,
    screen: Screen.compile(settings.screening),
    budgets: { refusal: () => undefined },
    audit,
    metrics,
    now,
    nowMs,
    draining: () => false,
    logLevel: "silent",
    ...options.deps,
  });
  const everything = { tenant: undefined, from: undefined, before: undefined, limit: 100_000, after: undefined };
  const door: FrontDoor = {
    app,
    audit,
    auditDirectory,
    metrics,
    settings,
    keys,
    seen,
    answer: completion,
    cellServers,
    bearer: (tenant, role) => ({ authorization: `Bearer ${keys.get(nameOf(tenant, role))?.key}` }),
    records: async () => (await queryAudit(auditDirectory, everything)).records,
    port: async () => {
      if (!app.server.listening) await app.listen({ port: 0, host: "127.0.0.1" });
      return (app.server.address() as AddressInfo).port;
    },
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
