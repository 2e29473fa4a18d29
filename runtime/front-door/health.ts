import type { FastifyInstance } from "fastify";
import pkg from "../package.json" with { type: "json" };

export interface HealthDeps {
  /** Whether a request could be served and recorded now. */
  readonly ready: () => Promise<boolean>;
}

/**
 * `/api/health` for people, `/healthz` (the process answers) and `/readyz` (send me requests) for probes. Open to all,
 * they say nothing about tenants. Settings and keys were read before the service listens, so ready means: the audit log
 * can be written and the service is not draining.
 */
export function registerHealth(app: FastifyInstance, { ready }: HealthDeps): void {
  app.addHook("onRequest", async (request) => {
    if (PATHS.has(request.routeOptions.url ?? "")) request.trail.audited = false;
  });
  app.get("/api/health", () => ({ status: "ok", version: pkg.version }));
  app.get("/healthz", () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const isReady = await ready();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not ready" });
  });
}

const PATHS: ReadonlySet<string> = new Set(["/api/health", "/healthz", "/readyz"]);
