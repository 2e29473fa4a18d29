import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import type { AuditEntry, AuditLog } from "../audit/index.ts";
import { continueTrace, type Trace } from "../service/trace.ts";
import { errorBody, refusal } from "./errors.ts";

/** What is learnt about a request while it is served, for its one audit record. */
export interface Trail {
  readonly startedMs: number;
  readonly trace: Trace;
  /** `admin` for what changes keys, roles or agents. */
  kind: "request" | "admin";
  action: string;
  tenant: string | null;
  principal: string | null;
  role: string | null;
  /** `ok` until something was refused or failed. */
  code: string;
  /** Screening rules that matched, as `name:action`. */
  rules: readonly string[];
  agent: string | null;
  model: string | null;
  conversation: string | null;
  tokensIn: number | null;
  tokensOut: number | null;
  /** What an admin act was about: a key id, an agent id. */
  target: string | null;
  content: AuditEntry["content"];
  /** Health checks leave no record. */
  audited: boolean;
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

const NO_RULES: readonly string[] = [];

/** Codes of requests that were let in and then failed on our side; every other code means that the request was denied. */
const ALLOWED = /^(ok$|cell\/|memory\/|client\/|audit\/|service\/|agent\/unavailable$)/;

/** The audit record of a request that ends with this status. */
export function entryOf(trail: Trail, status: number, nowMs: number): AuditEntry {
  const { code } = trail;
  return {
    kind: trail.kind,
    tenant: trail.tenant,
    principal: trail.principal,
    role: trail.role,
    action: trail.action,
    decision: code === "ok" || ALLOWED.test(code) ? "allow" : "deny",
    code,
    status,
    rules: trail.rules,
    agent: trail.agent,
    model: trail.model,
    provider: null,
    conversation: trail.conversation,
    tokens_in: trail.tokensIn,
    tokens_out: trail.tokensOut,
    cost_micro_usd: null,
    target: trail.target,
    duration_ms: Math.max(0, Math.round(nowMs - trail.startedMs)),
    trace_id: trail.trace.traceId,
    content: trail.content,
  };
}

/** Leaves one durable audit record per request, refused ones included, before its reply goes out; without it, 503. */
export function registerTrail(app: FastifyInstance, { audit, nowMs }: TrailDeps): void {
  app.decorateRequest("trail");
  app.addHook("onRequest", async (request, reply) => {
    request.trail = newTrail(request.headers, nowMs());
    reply.header("x-trace-id", request.trail.trace.traceId);
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const { trail } = request;
    if (!trail.audited) return payload;
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
export function newTrail(headers: IncomingHttpHeaders, startedMs: number): Trail {
  return {
    startedMs,
    trace: continueTrace(headers["traceparent"]),
    kind: "request",
    action: "none",
    tenant: null,
    principal: null,
    role: null,
    code: "ok",
    rules: NO_RULES,
    agent: null,
    model: null,
    conversation: null,
    tokensIn: null,
    tokensOut: null,
    target: null,
    content: null,
    audited: true,
  };
}
