import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { PRINCIPAL_HEADER } from "../../../identity/principal-token.ts";

/** Where a caller's trace stands: the parts of its W3C `traceparent`. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

/** What a request of the front door brings that requests to the model router must carry on. */
export interface InboundRequest {
  readonly trace: TraceParent | undefined;
  /** The front door's proof of who asks. Opaque here: the router checks it. */
  readonly principal: string | undefined;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The parts of a valid `traceparent` of version 00; undefined for anything else. */
export function parseTraceparent(header: unknown): TraceParent | undefined {
  const [, traceId, spanId, flags] = (typeof header === "string" && TRACEPARENT.exec(header)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, flags };
}

/**
 * The `traceparent` of a request to the model router: in the caller's trace, and still from OpenClaw's span when it
 * names one. What OpenClaw sends stays when the caller brought no trace.
 */
export function continuedTraceparent(inbound: TraceParent | undefined, own: string | undefined): string | undefined {
  if (inbound === undefined) return own;
  return `00-${inbound.traceId}-${parseTraceparent(own)?.spanId ?? inbound.spanId}-${inbound.flags}`;
}

const STORE = Symbol.for("breakwater.cell-guard.inbound-request");

/**
 * Follows each HTTP request through everything that it starts. OpenClaw begins a trace of its own for every HTTP request
 * (2026.9.6: only WebSocket frames may bring one) and passes no header on, so both are picked up where Node announces the
 * request. Called once by each copy of the plugin that OpenClaw loads; all share one store and one subscription.
 *
 * @returns what the request brought that the running code serves.
 */
export function followInboundRequests(): () => InboundRequest | undefined {
  const shared = globalThis as { [STORE]?: AsyncLocalStorage<InboundRequest> };
  const store = shared[STORE] ?? new AsyncLocalStorage<InboundRequest>();
  if (shared[STORE] === undefined) {
    shared[STORE] = store;
    subscribe("http.server.request.start", (message) => {
      const { request } = message as { readonly request: IncomingMessage };
      const proof = request.headers[PRINCIPAL_HEADER];
      // Always set: a request must not inherit what an earlier one on the same connection brought.
      store.enterWith({
        trace: parseTraceparent(request.headers["traceparent"]),
        principal: typeof proof === "string" ? proof : undefined,
      });
    });
  }
  return () => store.getStore();
}
