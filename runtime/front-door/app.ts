import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import type { AuditLog } from "../audit/index.ts";
import { type Keyring, permitsRole } from "../identity/index.ts";
import type { FrontDoorSettings } from "../settings/services.ts";
import { registerAuditLog } from "./audit-log.ts";
import { registerChat } from "./chat.ts";
import { errorBody, refusal, toRefusal } from "./errors.ts";
import { registerHealth } from "./health.ts";
import { registerMemory } from "./memory.ts";
import { entryOf, newTrail, registerTrail } from "./trail.ts";
import type { Cells } from "./upstream.ts";

/** What the front door reads from the world; tests pass their own. */
export interface FrontDoorDeps {
  readonly keyring: () => Keyring;
  readonly sessionSecret: string;
  readonly cells: Cells;
  readonly audit: AuditLog;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly draining: () => boolean;
  readonly logLevel: "info" | "silent";
}

/** A caller gets this long to send its whole request. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The front door as one list: what stands before every request, then the routes. */
export function buildApp(settings: FrontDoorSettings, deps: FrontDoorDeps): FastifyInstance {
  const app = Fastify({
    logger: { level: deps.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: settings.max_body_bytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    frameworkErrors: (error, request, reply) => answerUnrouted(error, request, reply, deps),
  });
  // JSON only: without this Fastify would take text/plain as well.
  app.removeContentTypeParser("text/plain");
  registerTrail(app, deps);
  registerErrors(app);

  const guarded = { ...deps, permitted: permitsRole(settings.roles) };
  const served = new Set(settings.tenants.map(({ id }) => id));
  const timeoutMs = settings.upstream_timeout_seconds * 1000;
  registerHealth(app, { ready: async () => !deps.draining() && (await deps.audit.ready()) });
  registerChat(app, { ...guarded, served, timeoutMs });
  registerMemory(app, { ...guarded, served, timeoutMs });
  registerAuditLog(app, { ...guarded, directory: settings.audit.directory });
  return app;
}

function registerErrors(app: FastifyInstance): void {
  const methods = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const name of [method].flat()) known.add(name);
    methods.set(url, known);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.get(request.url.split("?")[0] ?? "");
    if (allowed === undefined) throw refusal("route/unknown", "a path that is not served");
    reply.header("allow", [...allowed].join(", "));
    throw refusal("route/method", request.method);
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = toRefusal(error);
    request.trail.code = problem.code;
    if (problem.status >= 500) {
      request.log.error({ err: problem.cause ?? problem, code: problem.code, trace_id: request.trail.trace.traceId });
    }
    if (problem.status === 401) reply.header("www-authenticate", "Bearer");
    return reply.code(problem.status).send(errorBody(problem));
  });
}

/** Answers what Fastify refuses before any hook runs (a URL that cannot be decoded), with a record like everything else. */
async function answerUnrouted(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { audit, nowMs }: Pick<FrontDoorDeps, "audit" | "nowMs">,
): Promise<void> {
  const trail = newTrail(request, nowMs());
  let problem = toRefusal(error);
  trail.code = problem.code;
  try {
    await audit.append(entryOf(trail, problem.status, nowMs()));
  } catch (cause) {
    request.log.error({ err: cause, trace_id: trail.trace.traceId }, "no audit record, so no answer");
    problem = refusal("audit/unavailable", "a log that takes no record", { cause });
  }
  reply.code(problem.status).send(errorBody(problem));
}
