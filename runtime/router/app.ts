import Fastify, { type FastifyInstance, type FastifyReply, LogController } from "fastify";
import type { RouterSettings } from "../settings/services.ts";
import type { CellKeys } from "./cell-keys.ts";
import { registerCompletions, registerModels, registerRequestLog } from "./completions.ts";
import { errorBody, Refusal, toRefusal } from "./errors.ts";
import type { Providers } from "./providers.ts";
import { TENANT_MODEL } from "./rewrite.ts";

/** What the router reads from the world; tests pass their own. */
export interface RouterDeps {
  readonly cellKeys: () => CellKeys;
  readonly providers: Providers;
  readonly draining: () => boolean;
  readonly logLevel: "info" | "silent";
}

/** The model router as one list. */
export function buildRouter(settings: RouterSettings, deps: RouterDeps): FastifyInstance {
  const app = Fastify({
    logger: { level: deps.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: settings.max_body_bytes,
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    // What a cell sends is passed on, not merged into our objects; the cell's tools may describe any property name.
    onProtoPoisoning: "remove",
    onConstructorPoisoning: "ignore",
    frameworkErrors: (error, _request, reply) => answer(toRefusal(error), reply),
  });
  app.removeContentTypeParser("text/plain");
  registerRequestLog(app);
  app.setNotFoundHandler(() => {
    throw new Refusal("route/unknown");
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = toRefusal(error);
    request.routed.code = problem.code;
    if (problem.status >= 500) request.log.error({ err: problem.cause ?? problem, code: problem.code }, "failed");
    answer(problem, reply);
  });
  app.get("/healthz", () => ({ status: "ok" }));
  app.get("/readyz", (_request, reply) => {
    const ready = !deps.draining();
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready" });
  });
  registerModels(app, deps, TENANT_MODEL);
  registerCompletions(app, { ...deps, settings });
  return app;
}

function answer(problem: Refusal, reply: FastifyReply): void {
  reply.code(problem.status).send(errorBody(problem));
}
