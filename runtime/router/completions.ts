import { performance } from "node:perf_hooks";
import type { FastifyInstance, FastifyReply } from "fastify";
import { continueTrace } from "../service/trace.ts";
import type { RouterSettings } from "../settings/services.ts";
import type { CellKeys } from "./cell-keys.ts";
import { Refusal } from "./errors.ts";
import type { Providers } from "./providers.ts";
import { rewrite } from "./rewrite.ts";

export interface CompletionsDeps {
  readonly cellKeys: () => CellKeys;
  readonly providers: Providers;
  readonly settings: Pick<RouterSettings, "tenants" | "upstream_timeout_seconds">;
}

/** What the one log line of a request says. Never content. */
export interface RouterTrail {
  readonly startedMs: number;
  tenant?: string;
  provider?: string;
  model?: string;
  stream?: boolean;
  trace_id?: string;
  code?: string;
}

declare module "fastify" {
  interface FastifyRequest {
    routed: RouterTrail;
  }
}

/** Headers of a provider's answer that a cell needs; the rest (cookies, organisation ids, rate limits) stays here. */
const PASSED = ["content-type", "retry-after"] as const;

/** `POST /v1/chat/completions` from a cell: who, which model, how much, then the provider's answer byte for byte. */
export function registerCompletions(app: FastifyInstance, { cellKeys, providers, settings }: CompletionsDeps): void {
  const tenants = new Map(settings.tenants.map((tenant) => [tenant.id, tenant]));
  app.post("/v1/chat/completions", {
    onRequest: async ({ headers, routed }) => {
      routed.tenant = cellKeys().tenantOf(headers.authorization);
    },
    handler: async (request, reply) => {
      const { routed } = request;
      const tenant = tenants.get(routed.tenant ?? "");
      if (tenant === undefined) throw new Refusal("tenancy/unknown");
      const { body, stream } = rewrite(request.body, tenant);
      const { traceId, traceparent } = continueTrace(request.headers["traceparent"]);
      Object.assign(routed, { provider: tenant.provider, model: tenant.model, stream, trace_id: traceId });
      const signal = cancelSignal(reply, settings.upstream_timeout_seconds * 1000);
      const {
        statusCode,
        headers,
        body: answer,
      } = await providers.complete({
        provider: tenant.provider,
        body,
        stream,
        traceparent,
        signal,
      });
      for (const name of PASSED) {
        const value = headers[name];
        if (value !== undefined) reply.header(name, value);
      }
      // Fastify pipes with back-pressure, and destroys the answer when the cell hangs up.
      return reply.code(statusCode).send(answer);
    },
  });
}

/** `GET /v1/models`: the one model that a cell can ask for. */
export function registerModels(
  app: FastifyInstance,
  { cellKeys }: Pick<CompletionsDeps, "cellKeys">,
  id: string,
): void {
  app.get("/v1/models", (request) => {
    request.routed.tenant = cellKeys().tenantOf(request.headers.authorization);
    return { object: "list", data: [{ id, object: "model", created: 0, owned_by: "breakwater" }] };
  });
}

/** One structured line per request. */
export function registerRequestLog(app: FastifyInstance): void {
  app.decorateRequest("routed");
  app.addHook("onRequest", async (request) => {
    request.routed = { startedMs: performance.now() };
  });
  app.addHook("onResponse", async ({ routed, log, routeOptions }, reply) => {
    if (routeOptions.url === "/healthz" || routeOptions.url === "/readyz") return;
    const { startedMs, code = reply.raw.writableFinished ? "ok" : "client/aborted", ...facts } = routed;
    const duration_ms = Math.round(performance.now() - startedMs);
    log.info({ ...facts, code, status: reply.statusCode, duration_ms }, "request");
  });
}

/** Cancels the call to the provider when the cell hangs up or time is up. */
function cancelSignal(reply: FastifyReply, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Refusal("provider/timeout")), timeoutMs);
  reply.raw.once("close", () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort(new Refusal("client/aborted"));
  });
  return controller.signal;
}
