import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry, AuditLog } from "../../../../runtime/audit/index.ts";
import type { CellRequest } from "../../../../runtime/front-door/chat/upstream.ts";
import { type FrontDoor, openFrontDoor, ROLES, TENANTS } from "./fixture.ts";
import { memoryAudit, type StandInReply, standInCells } from "./in-process.ts";

/**
 * 100,000 generated requests, without sockets: every tenant's cell, agents, memory and audit records hold words that only
 * that tenant may see, and each principal's conversations hold words of its own. No answer may hold a foreign one.
 */
const REQUESTS = 100_000;
const AT_ONCE = 50;

type Tenant = (typeof TENANTS)[number];
type Role = (typeof ROLES)[number];

let door: FrontDoor;
const entries: AuditEntry[] = [];
/** What each session of each cell was told, as OpenClaw keeps it: by the `user` it was called with. */
const histories = new Map<string, string[]>();

const canary = (tenant: string): string => `canary-of-${tenant}`;
const ownWord = (tenant: string | null, role: string): string => `word-of-${tenant ?? "any"}-${role}`;

function cellOf({ tenant, path, body, accept }: CellRequest): StandInReply {
  if (path === "/tools/invoke") {
    const snippet = `${canary(tenant)} in memory`;
    const results = [{ path: "MEMORY.md", startLine: 1, score: 1, snippet }];
    return { chunks: [JSON.stringify({ ok: true, result: { details: { results } } })] };
  }
  const { user, messages, model } = JSON.parse(body) as {
    user: string;
    messages: { content: string }[];
    model: string;
  };
  if (model.endsWith("refused"))
    return { status: 400, chunks: [JSON.stringify({ error: { message: canary(tenant) } })] };
  const history = histories.get(`${tenant} ${user}`) ?? [];
  history.push(...messages.map(({ content }) => content));
  histories.set(`${tenant} ${user}`, history.slice(-5));
  const content = `${canary(tenant)} ${history.slice(-5).join(" ")}`;
  if (accept === "text/event-stream") {
    const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
    return { chunks: [event, "data: [DONE]\n\n"] };
  }
  const secret = `canary-of-the-cell-of-${tenant}`;
  return {
    chunks: [JSON.stringify({ id: "c", choices: [{ index: 0, message: { role: "assistant", content } }], secret })],
  };
}

beforeAll(async () => {
  const audit = memoryAudit(entries) as unknown as AuditLog;
  const agents = Object.fromEntries(TENANTS.map((tenant) => [tenant, [`agent-${tenant}`, "refused"]]));
  door = await openFrontDoor({ agents, deps: { audit, cells: standInCells(cellOf) } });
  for (const tenant of TENANTS) await door.audit.append(recordOf(tenant));
});
afterAll(() => door.close());

/** A record of earlier that only the tenant's own readers may see. */
function recordOf(tenant: string): AuditEntry {
  return {
    ...{ kind: "request", tenant, principal: "abcdefgh", role: "user", action: "agent:chat", decision: "allow" },
    ...{ code: "ok", status: 200, rules: [], agent: null, model: canary(tenant), provider: null, conversation: null },
    ...{
      tokens_in: 1,
      tokens_out: 1,
      cost_micro_usd: null,
      target: null,
      duration_ms: 1,
      trace_id: null,
      content: null,
    },
  } as AuditEntry;
}

interface Sent {
  readonly tenant: Tenant | null;
  readonly role: Role;
  readonly other: Tenant;
  readonly route: string;
  readonly header: string | string[] | undefined;
  readonly second: "none" | "duplicate" | "joined";
  readonly model: string;
  readonly conversation: string | undefined;
  readonly user: string | undefined;
  readonly stream: boolean;
  readonly hostile: Readonly<Record<string, string>>;
}

const anyTenant = fc.constantFrom(...TENANTS);
const disguised = anyTenant.chain((tenant) =>
  fc.constantFrom<string | string[]>(
    ...[
      tenant,
      tenant.toUpperCase(),
      ` ${tenant}`,
      `${tenant},marketing`,
      encodeURIComponent(`${tenant}/`),
      `../${tenant}`,
    ],
    ...[[tenant, "marketing"], ["marketing", tenant], `${tenant}\t`, "*", "", "null", "__proto__", "constructor"],
  ),
);
const modelText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("openclaw", "openclaw/default") },
  anyTenant,
  anyTenant.map((tenant) => `openclaw/agent-${tenant}`),
  anyTenant.map((tenant) => `openclaw/${tenant}`),
  fc.constantFrom(
    "openclaw/refused",
    "agent-engineering",
    "openclaw/main",
    "openclaw/../default",
    "openclaw/%2e",
    "gpt-4o",
  ),
);
const route = fc.oneof(
  { weight: 6, arbitrary: fc.constant("chat") },
  fc.constantFrom(
    ...[
      "memory",
      "audit",
      "audit-of-other",
      "models",
      "model-of-other",
      "agents",
      "agent-of-other",
      "keys",
      "usage",
      "metrics",
    ],
    ...["chat?query", "chat/", "//chat", "chat%2f", "ChAt", "get-chat", "delete-agent", "options", "openapi"],
  ),
);
const conversation = fc.option(fc.constantFrom("c1", "c2", "same", "a/b", "[1]", "%63", '"'), { nil: undefined });

const request: fc.Arbitrary<Sent> = fc.record({
  tenant: fc.oneof({ weight: 4, arbitrary: anyTenant as fc.Arbitrary<Tenant | null> }, fc.constant(null)),
  role: fc.oneof({ weight: 2, arbitrary: fc.constant("user" as Role) }, fc.constantFrom(...ROLES)),
  other: anyTenant,
  route,
  header: fc.option(disguised, { nil: undefined }),
  second: fc.oneof(
    { weight: 6, arbitrary: fc.constant("none" as const) },
    fc.constantFrom("duplicate" as const, "joined" as const),
  ),
  model: modelText,
  conversation,
  user: conversation,
  stream: fc.boolean(),
  hostile: fc.dictionary(
    fc.constantFrom(
      "x-openclaw-session-key",
      "x-openclaw-agent-id",
      "x-forwarded-user",
      "forwarded",
      "x-tenant",
      "host",
    ),
    fc.constantFrom(...TENANTS, "admin"),
    { maxKeys: 2 },
  ),
});

const PATHS: Readonly<Record<string, (sent: Sent) => string>> = {
  chat: () => "/v1/chat/completions",
  "chat?query": ({ other }) => `/v1/chat/completions?tenant=${other}`,
  "chat/": () => "/v1/chat/completions/",
  "//chat": () => "//v1/chat/completions",
  "chat%2f": () => "/v1/chat%2fcompletions",
  ChAt: () => "/V1/Chat/Completions",
};
const GETS: Readonly<Record<string, (sent: Sent) => string>> = {
  memory: () => "/api/memory/search?q=x",
  audit: () => "/api/audit/logs",
  "audit-of-other": ({ other }) => `/api/audit/logs?tenant=${other}`,
  models: () => "/v1/models",
  "model-of-other": ({ other }) => `/v1/models/openclaw/agent-${other}`,
  agents: () => "/api/agents",
  "agent-of-other": ({ other }) => `/api/agents/agent-${other}`,
  keys: ({ other }) => `/api/keys?tenant=${other}`,
  usage: ({ other }) => `/api/usage?tenant=${other}`,
  metrics: () => "/metrics",
  "get-chat": ({ other }) => `/v1/chat/completions?x-tenant-id=${other}`,
  openapi: () => "/openapi.json",
};

async function send(sent: Sent): Promise<{ readonly status: number; readonly text: string }> {
  const own = door.bearer(sent.tenant, sent.role)["authorization"] ?? "";
  const foreign = door.bearer(sent.other, "admin")["authorization"] ?? "";
  const authorization = { none: own, duplicate: [own, foreign], joined: `${own}, ${foreign}` }[sent.second];
  const headers: Record<string, string | string[]> = { ...sent.hostile, authorization };
  if (sent.header !== undefined) headers["x-tenant-id"] = sent.header;
  if (sent.conversation !== undefined) headers["x-conversation-id"] = sent.conversation;
  const messages = [{ role: "user", content: ownWord(sent.tenant, sent.role) }];
  const payload = { model: sent.model, messages, stream: sent.stream, user: sent.user ?? null, tenant: sent.other };
  const path = PATHS[sent.route];
  const reply =
    path !== undefined
      ? await door.app.inject({ method: "POST", url: path(sent), headers, payload })
      : sent.route === "options"
        ? await door.app.inject({ method: "OPTIONS", url: "/v1/chat/completions", headers })
        : sent.route === "delete-agent"
          ? await door.app.inject({ method: "DELETE", url: `/api/agents/agent-${sent.other}`, headers })
          : await door.app.inject({ url: GETS[sent.route]?.(sent) ?? "/", headers });
  return { status: reply.statusCode, text: `${JSON.stringify(reply.headers)}\n${reply.body}` };
}

/** Words in an answer that its caller may not see. */
function foreignWords({ tenant, role, header, route, other }: Sent, text: string): string[] {
  const named = typeof header === "string" ? header.trim() : undefined;
  const acting = tenant ?? named ?? (route === "audit-of-other" ? other : undefined);
  const seesAll =
    tenant === null && (route === "audit" || route === "audit-of-other") && (role === "admin" || role === "auditor");
  const canaries = seesAll ? [] : TENANTS.filter((name) => name !== acting).map(canary);
  const words = [...TENANTS, null].flatMap((name) => ROLES.map((other) => ownWord(name, other)));
  const own = ownWord(tenant, role);
  const cells = TENANTS.map((name) => `canary-of-the-cell-of-${name}`);
  return [...canaries, ...cells, ...words.filter((word) => word !== own)].filter((word) => text.includes(word));
}

test("in 100,000 requests that confuse tenants in every way, no answer holds a foreign byte and each leaves one record", {
  timeout: 300_000,
}, async () => {
  let served = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
      entries.length = 0;
      const answers = await Promise.all(batch.map(send));
      for (const [index, { status, text }] of answers.entries()) {
        const sent = batch[index] as Sent;
        const found = foreignWords(sent, text);
        if (found.length > 0) throw new Error(`${found.join(" ")} in the answer to ${JSON.stringify(sent)}: ${text}`);
        if (status === 200) served += 1;
      }
      expect(entries).toHaveLength(batch.length);
    }),
    { numRuns: REQUESTS / AT_ONCE },
  );
  // Most of them are refused; enough must be served for the check to mean something.
  expect(served).toBeGreaterThan(REQUESTS / 20);
});
