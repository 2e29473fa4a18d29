import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { FastifyServerFactory } from "fastify";
import type { ServerTls } from "../transport/tls.ts";

/** Answers one request of a hot route by itself, from its headers to its last byte. */
export type HotHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What a server does to clients that are slow, many or malformed. */
export interface HotServerOptions {
  /** Whole requests by method and path without query, such as `POST /v1/chat/completions`; all others are Fastify's. */
  readonly hot: ReadonlyMap<string, HotHandler>;
  /** A client gets this long to send its headers. @default 20000 */
  readonly headersTimeoutMs?: number;
  /** A client gets this long to send its whole request. @default 60000 */
  readonly requestTimeoutMs?: number;
  /** An idle connection is kept this long; more than the callers' own, so that they close first. @default 72000 */
  readonly keepAliveTimeoutMs?: number;
  /** @default 16384 */
  readonly maxHeaderBytes?: number;
  /** Connections over this are closed at once. @default 10000 */
  readonly maxConnections?: number;
  /** @default plain HTTP */
  readonly tls?: ServerTls;
}

/** A client gets this long to agree on keys. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * The one HTTP server of a service: hot routes go straight to their handler, everything else to Fastify.
 *
 * Fastify's hooks and its request and reply objects cost more than all of our checks of a chat request together
 * (measured 2026-11-23), so the one route that carries the load does without them; the other routes keep its comfort.
 */
export function hotServer(options: HotServerOptions): FastifyServerFactory {
  const { hot, tls } = options;
  return (fastify): Server => {
    const limits = {
      headersTimeout: options.headersTimeoutMs ?? 20_000,
      requestTimeout: options.requestTimeoutMs ?? 60_000,
      keepAliveTimeout: options.keepAliveTimeoutMs ?? 72_000,
      maxHeaderSize: options.maxHeaderBytes ?? 16_384,
      insecureHTTPParser: false,
      requireHostHeader: true,
      noDelay: true,
    };
    const onRequest: HotHandler = (request, response) => {
      const handler = hot.get(routeOf(request));
      if (handler === undefined) fastify(request, response);
      else handler(request, response);
    };
    const server =
      tls === undefined
        ? createServer(limits, onRequest)
        : createTlsServer({ ...limits, ...tls, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, onRequest);
    server.maxConnections = options.maxConnections ?? 10_000;
    server.maxHeadersCount = 100;
    return server;
  };
}

function routeOf({ method = "", url = "" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return `${method} ${query < 0 ? url : url.slice(0, query)}`;
}
