import http from "node:http";
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import type { AuditEntry } from "../../../../runtime/audit/index.ts";
import { registerKeys } from "../../../../runtime/front-door/access/keys.ts";
import { openCellAgents } from "../../../../runtime/front-door/agents/cell-agents.ts";
import { openAgentDirectory } from "../../../../runtime/front-door/agents/directory.ts";
import { registerAgents } from "../../../../runtime/front-door/agents/routes.ts";
import { AgentStore } from "../../../../runtime/front-door/agents/store.ts";
import { AgentSync } from "../../../../runtime/front-door/agents/sync.ts";
import { errorBody, toRefusal } from "../../../../runtime/front-door/errors.ts";
import { registerOpenApi } from "../../../../runtime/front-door/openapi/document.ts";
import { registerAuditLog } from "../../../../runtime/front-door/reports/audit-log.ts";
import { registerModels } from "../../../../runtime/front-door/reports/models.ts";
import { registerUsage } from "../../../../runtime/front-door/reports/usage.ts";
import { registerTrail } from "../../../../runtime/front-door/trail.ts";
import { createApiKey, KeyStore, type LiveKeyring, openKeyring } from "../../../../runtime/identity/index.ts";
import { Limiter } from "../../../../runtime/limits/index.ts";
import type { AgentSpec, ApiKeyRecord, Limits } from "../../../../runtime/settings/services.ts";
import type { Database } from "../../../../runtime/state/index.ts";
import { FaultyDatabase, TestClock } from "../identity/fixture.ts";

export const ROLES = [
  { name: "admin", permissions: ["*"] },
  { name: "agent_manager", permissions: ["agent:view", "agent:create", "agent:update", "agent:delete"] },
  { name: "key_manager", permissions: ["key:*", "agent:chat", "agent:view"] },
  { name: "user", permissions: ["agent:chat", "agent:view"] },
  { name: "auditor", permissions: ["log:view", "audit:export"] },
  { name: "nothing", permissions: [] },
];

export const TENANTS = ["marketing", "engineering", "plain"] as const;
const MAX_AGENTS = 4;

/** A cell agent on loopback: keeps the list that it is given, or refuses it as told. */
export class FakeCellAgent {
  agents: readonly AgentSpec[] = [];
  status = 200;
  /** An id that is refused for good, as the cell does while it erases an agent's data. */
  refusedId: string | undefined;
  puts = 0;
  authorization: string | undefined;
  readonly #server: http.Server;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.authorization = request.headers.authorization;
        if (request.method === "PUT") this.puts += 1;
        let status = this.status;
        if (status === 200 && request.method === "PUT") {
          const { agents } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { agents: AgentSpec[] };
          if (agents.some(({ id }) => id === this.refusedId)) status = 409;
          else this.agents = agents;
        }
        response.writeHead(status, { "content-type": "application/json" });
        const failure = { error: { code: "agents/refused", message: "no" } };
        response.end(JSON.stringify(status === 200 ? { agents: this.agents } : failure));
      });
    });
  }

  static async open(): Promise<FakeCellAgent> {
    const agent = new FakeCellAgent();
    await new Promise<void>((resolve) => agent.#server.listen(0, "127.0.0.1", resolve));
    return agent;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** The administrative routes of one replica, with everything behind them real but the cells and the audit log. */
export interface Admin {
  readonly app: FastifyInstance;
  readonly database: FaultyDatabase;
  readonly clock: TestClock;
  readonly keyring: LiveKeyring;
  readonly sync: AgentSync;
  readonly directory: Awaited<ReturnType<typeof openAgentDirectory>>;
  readonly audited: AuditEntry[];
  readonly logged: string[];
  readonly close: () => Promise<void>;
}

/** What stands before every route: the trail, and errors as answers. */
export function bareApp(audited: AuditEntry[] = [], logged: string[] = [], nowMs = () => 0) {
  const app = Fastify({ logger: { level: "info", stream: { write: (line: string) => logged.push(line) } } });
  const append = async (entry: AuditEntry) => void audited.push(entry);
  const audit = { healthy: true, ready: async () => true, append };
  registerTrail(app, { audit: audit as never, nowMs });
  app.setErrorHandler((error, request, reply) => {
    const problem = toRefusal(error);
    request.trail.code = problem.code;
    return reply.code(problem.status).send(errorBody(problem));
  });
  return { app, audit };
}

/** Lets everything pass. */
export function noLimits(nowMs = () => 0): Limiter {
  return new Limiter({ replicas: 1, perKey: {}, perTenant: {}, tenants: new Map(), nowMs });
}

export const NOW = new Date("2026-11-23T12:00:00.000Z");

export async function openAdmin(
  state: Database,
  options: {
    replica: string;
    records: () => readonly ApiKeyRecord[];
    agentUrls: ReadonlyMap<string, string>;
    auditDirectory?: string;
  },
): Promise<Admin> {
  const database = new FaultyDatabase(state);
  const clock = new TestClock();
  const audited: AuditEntry[] = [];
  const logged: string[] = [];
  const now = () => NOW;
  const { replica, records, agentUrls } = options;
  const keyring = await openKeyring({
    ...{ database, file: { current: records }, roles: ROLES, replica, nowMs: clock.nowMs, notify: () => {} },
    intervalMs: 1_000_000,
  });
  const keys = new KeyStore({ database, keyring, roles: ROLES, now, nowMs: clock.nowMs, sleep: clock.sleep });
  const store = new AgentStore(database, now);
  const directory = await openAgentDirectory({ database, store, notify: () => {}, intervalMs: 1_000_000 });
  const cells = openCellAgents(
    TENANTS.map((id) => ({ id, agent_url: agentUrls.get(id) })),
    (tenant) => `gateway-${tenant}`,
  );
  const sync = new AgentSync({ tenants: TENANTS, store, cells, notify: () => {} });
  const { app, audit } = bareApp(audited, logged, clock.nowMs);
  const limiter = noLimits(clock.nowMs);
  const guarded = { keyring: keyring.current, limiter, audit, now, served: new Set<string>(TENANTS) };
  const rules = new Map(
    TENANTS.map((id) => [
      id,
      { maxAgents: MAX_AGENTS, skills: ["web-search", "file-manager"], changeable: agentUrls.has(id) },
    ]),
  );
  registerKeys(app, { ...guarded, keys, replicas: 2 });
  registerAgents(app, { ...guarded, rules, store, sync, directory });
  registerModels(app, { ...guarded, directory });
  registerUsage(app, { ...guarded, database });
  registerAuditLog(app, { ...guarded, directory: options.auditDirectory ?? "/nonexistent" });
  registerOpenApi(app);
  await app.ready();
  const close = async (): Promise<void> => {
    await app.close();
    await sync.close();
    await directory.close();
    await keyring.close();
  };
  return { app, database, clock, keyring, sync, directory, audited, logged, close };
}

/** Keys as the deployment would make them, by name. */
export function deploymentKeys(
  wanted: Readonly<Record<string, { tenant: string | null; role: string; limits?: Limits }>>,
) {
  const made = Object.entries(wanted).map(
    ([name, key]) => [name, createApiKey({ ...key, now: NOW, expires: null })] as const,
  );
  const byName = new Map(made);
  return {
    records: made.map(([, { record }]) => record),
    id: (name: string) => byName.get(name)?.record.id ?? "",
    bearer: (name: string) => ({ authorization: `Bearer ${byName.get(name)?.key}` }),
  };
}
