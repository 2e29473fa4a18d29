import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AuditEntry, AuditLog } from "../audit/index.ts";
import { continueTrace, type Trace } from "../service/trace.ts";
import { errorBody, refusal } from "./errors.ts";

/** What is learnt about a request while it is served, for its one audit record. */
export interface Trail {
  readonly startedMs: number;
  readonly trace: Trace;
  action: string;
  tenant: string | null;
  principal: string | null;
  role: string | null;
  /** `ok` until something was refused or failed. */
  code: string;
  model: string | null;
  conversation: string | null;
  tokens: number | null;
  /** Health checks leave no record. */
  audited: boolean;
  /** A stream writes its own record before its last bytes. */
  deferred: boolean;
}

declare module "fastify" {
  interface FastifyRequest {
    trail: Trail;
  }
}

export interface TrailDeps {
  readonly audit: Pick<AuditLog, "append">;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Codes of requests that were let in and then failed on our side; every other code means that the request was denied. */
const ALLOWED = /^(ok$|cell\/|memory\/|client\/|audit\/|service\/)/;

/** The audit record of a request that ends with this status. */
export function entryOf(trail: Trail, status: number, nowMs: number): AuditEntry {
  const { action, tenant, principal, role, code, model, conversation, tokens } = trail;
  return {
    tenant,
    principal,
    role,
    action,
    decision: ALLOWED.test(code) ? "allow" : "deny",
    code,
    status,
    model,
    conversation,
    tokens,
    duration_ms: Math.max(0, Math.round(nowMs - trail.startedMs)),
    trace_id: trail.trace.traceId,
  };
}

/**
 * Leaves one durable audit record per request, refused ones included, before its reply goes out.
 *
 * A reply that is one piece waits for the record here; when the record cannot be written the caller gets 503 instead.
 * A stream waits too, but only with its last bytes: see `relay.ts`.
 */
export function registerTrail(app: FastifyInstance, { audit, nowMs }: TrailDeps): void {
  app.decorateRequest("trail");
  app.addHook("onRequest", async (request) => {
    request.trail = newTrail(request, nowMs());
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const { trail } = request;
    if (!trail.audited || trail.deferred) return payload;
    try {
      await audit.append(entryOf(trail, reply.statusCode, nowMs()));
      return payload;
    } catch (error) {
      request.log.error({ err: error, trace_id: trail.trace.traceId }, "no audit record, so no answer");
      const instead = refusal("audit/unavailable", "a log that takes no record", { cause: error });
      reply
        .code(instead.status)
        .header("content-type", "application/json; charset=utf-8")
        .removeHeader("content-length");
      return JSON.stringify(errorBody(instead));
    }
  });
}

/** What is known of a request at its start. */
export function newTrail(request: FastifyRequest, startedMs: number): Trail {
  return {
    startedMs,
    trace: continueTrace(request.headers["traceparent"]),
    action: "none",
    tenant: null,
    principal: null,
    role: null,
    code: "ok",
    model: null,
    conversation: null,
    tokens: null,
    audited: true,
    deferred: false,
  };
}
