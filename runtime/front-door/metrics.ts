import type { FastifyInstance } from "fastify";
import type { ServiceMetrics } from "../metrics/index.ts";
import { type GuardDeps, guard, header } from "./access/guard.ts";
import { resolveAuditedTenant } from "./access/tenancy.ts";
import { refusal } from "./errors.ts";

export interface MetricsDeps extends GuardDeps {
  readonly metrics: Pick<ServiceMetrics, "text" | "contentType">;
}

/**
 * `GET /metrics` in Prometheus' text format, for keys that may see all tenants. Prometheus itself scrapes the operations
 * port, which only it can reach.
 */
export function registerMetrics(app: FastifyInstance, deps: MetricsDeps): void {
  app.get("/metrics", {
    onRequest: (request) =>
      guard(
        request,
        "metrics:view",
        (principal) => {
          // The figures name all tenants, so a key that is bound to one may not see them.
          if (principal.tenant !== null) throw refusal("tenancy/mismatch", "a key that is bound to one tenant");
          return resolveAuditedTenant(principal, header(request, "x-tenant-id"), undefined);
        },
        deps,
      ),
    handler: async (_request, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.text()),
  });
}
