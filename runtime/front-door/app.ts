import type { KeyObject } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import type { AuditLog } from "../audit/index.ts";
import { type HotHandler, hotServer } from "../http/index.ts";
import type { Keyring, KeyStore, PrincipalSigner } from "../identity/index.ts";
import { Limiter } from "../limits/index.ts";
import type { ServiceMetrics } from "../metrics/index.ts";
import type { Screen } from "../screening/index.ts";
import type { FrontDoorSettings } from "../settings/services.ts";
import type { Queries } from "../state/index.ts";
import { registerKeys } from "./access/keys.ts";
import type { AgentDirectory } from "./agents/directory.ts";
import { type AgentRules, registerAgents } from "./agents/routes.ts";
import type { AgentStore } from "./agents/store.ts";
import type { AgentSync } from "./agents/sync.ts";
import type { Budgets } from "./chat/admission.ts";
import { CHAT_METHOD, CHAT_PATH, chatHandler, registerChat } from "./chat/routes.ts";
import { SessionUsers } from "./chat/sessions.ts";
import type { Cells } from "./chat/upstream.ts";
import { errorBody, refusal, toRefusal } from "./errors.ts";
import { registerHealth } from "./health.ts";
import { guardConnections } from "./http/connections.ts";
import { AllowedMethods } from "./http/methods.ts";
import { registerMetrics } from "./metrics.ts";
import { registerOpenApi } from "./openapi/document.ts";
import { registerAuditLog } from "./reports/audit-log.ts";
import { registerMemory } from "./reports/memory.ts";
import { registerModels } from "./reports/models.ts";
import { registerUsage } from "./reports/usage.ts";
import { entryOf, newTrail, registerTrail } from "./trail.ts";

/** What the front door reads from the world; tests pass their own. */
export interface FrontDoorDeps {
  readonly keyring: () => Keyring;
  /** Whether the keys are confirmed to be current. */
  readonly keysFresh: () => boolean;
  readonly keys: KeyStore;
  readonly sessionKey: KeyObject;
  readonly principals: PrincipalSigner;
  readonly cells: Cells;
  readonly agents: {
    readonly directory: AgentDirectory;
    readonly store: AgentStore;
    readonly sync: AgentSync;
  };
  readonly database: Queries;
  readonly screen: Screen;
  readonly budgets: Budgets;
  readonly audit: AuditLog;
  readonly metrics: ServiceMetrics;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly draining: () => boolean;
  readonly logLevel: "info" | "silent";
}

/** Whether a request could be served and recorded now. */
export async function isReady(deps: Pick<FrontDoorDeps, "draining" | "keysFresh" | "audit">): Promise<boolean> {
  return !deps.draining() && deps.keysFresh() && (await deps.audit.ready());
}

/** The front door as one list: what stands before every request, then the routes. */
export function buildApp(settings: FrontDoorSettings, deps: FrontDoorDeps): FastifyInstance {
  const hot = new Map<string, HotHandler>();
  const app = Fastify({
    logger: { level: deps.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: hotServer({ hot }),
    bodyLimit: settings.max_body_bytes,
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    frameworkErrors: (error, request, reply) => answerUnrouted(error, request, reply, deps),
  });
  // JSON only: without this Fastify would take text/plain as well.
  app.removeContentTypeParser("text/plain");
  registerTrail(app, deps);
  registerErrors(app);
  guardConnections(app.server, { ...deps, log: app.log });

  const served = new Set(settings.tenants.map(({ id }) => id));
  const timeoutMs = settings.upstream_timeout_seconds * 1000;
  const guarded = { ...deps, served, timeoutMs, limiter: limiterOf(settings, deps.nowMs) };
  const chat = chatHandler({
    ...guarded,
    agents: deps.agents.directory,
    sessions: new SessionUsers(deps.sessionKey),
    maxBodyBytes: settings.max_body_bytes,
    includeContent: settings.audit.include_content,
    log: app.log,
  });
  hot.set(`${CHAT_METHOD} ${CHAT_PATH}`, chat);
  registerHealth(app, { ready: () => isReady(deps) });
  registerChat(app, chat);
  registerMemory(app, guarded);
  registerMetrics(app, guarded);
  registerModels(app, { ...guarded, directory: deps.agents.directory });
  registerAgents(app, { ...guarded, ...deps.agents, rules: agentRules(settings) });
  registerKeys(app, { ...guarded, replicas: settings.replicas });
  registerUsage(app, guarded);
  registerAuditLog(app, { ...guarded, directory: settings.audit.directory });
  registerOpenApi(app);
  return app;
}

function agentRules({ tenants }: FrontDoorSettings): ReadonlyMap<string, AgentRules> {
  return new Map(
    tenants.map(({ id, max_agents: maxAgents, skills, cell }) => [
      id,
      { maxAgents, skills, changeable: cell.agent_url !== undefined },
    ]),
  );
}

function limiterOf({ replicas, limits, tenants }: FrontDoorSettings, nowMs: () => number): Limiter {
  const own = new Map(tenants.map((tenant) => [tenant.id, tenant.limits]));
  return new Limiter({ replicas, perKey: limits.per_key, perTenant: limits.per_tenant, tenants: own, nowMs });
}

function registerErrors(app: FastifyInstance): void {
  const methods = new AllowedMethods();
  app.addHook("onRoute", ({ url, method }) => methods.add(url, [method].flat()));
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.of(request.url.split("?")[0] ?? "");
    if (allowed === undefined) throw refusal("route/unknown", "a path that is not served");
    reply.header("allow", allowed.join(", "));
    throw refusal("route/method", request.method);
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = toRefusal(error);
    request.trail.code = problem.code;
    if (problem.status >= 500) {
      request.log.error({ err: problem.cause ?? problem, code: problem.code, trace_id: request.trail.trace.traceId });
    }
    return reply.code(problem.status).headers(problem.headers).send(errorBody(problem));
  });
}

/** Answers what Fastify refuses before any hook runs (a URL that cannot be decoded), with a record like everything else. */
async function answerUnrouted(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { audit, nowMs }: Pick<FrontDoorDeps, "audit" | "nowMs">,
): Promise<void> {
  const trail = newTrail(request.headers, nowMs());
  let problem = toRefusal(error);
  trail.code = problem.code;
  try {
    await audit.append(entryOf(trail, problem.status, nowMs()));
  } catch (cause) {
    request.log.error({ err: cause, trace_id: trail.trace.traceId }, "no audit record, so no answer");
    problem = refusal("audit/unavailable", "a log that takes no record", { cause });
  }
  reply.code(problem.status).header("x-trace-id", trail.trace.traceId).send(errorBody(problem));
}
