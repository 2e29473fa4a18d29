import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { ServerTls } from "../transport/tls.ts";
import type { AgentStore } from "./agent-store.ts";
import { type Answer, carriesToken, failure, listAgents, MAX_BODY_BYTES, putAgents } from "./agents-api.ts";
import type { Readiness } from "./watch.ts";

/** What the server answers from. */
export interface CellAgentServer {
  readonly tls: ServerTls;
  readonly readiness: () => Readiness;
  readonly store: AgentStore;
  /** The gateway's token, read anew for each request. */
  readonly token: () => Promise<string>;
  readonly onError: (error: unknown) => void;
}

/** How long a caller may take to send a request, in ms. */
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * `GET /healthz` (this process lives) and `GET /readyz` (the cell may serve; 503 with the reason until it may), open to
 * the kubelet; `GET` and `PUT /agents` for who has the gateway's token.
 */
export function cellAgentServer(deps: CellAgentServer): Server {
  const server = createServer({ ...deps.tls }, (request, response) => {
    answer(deps, request).then(
      (given) => send(response, given),
      (error: unknown) => {
        deps.onError(error);
        send(response, failure(500, "agent/internal", "unexpected error, see the cell agent's log"));
      },
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = 64;
  return server;
}

/** The answer to one probe; undefined for what is none. */
export function probe(path: string, readiness: Readiness): Answer | undefined {
  if (path === "/healthz") return { status: 200, body: { status: "live" } };
  if (path === "/readyz") return { status: readiness.ready ? 200 : 503, body: readiness };
  return undefined;
}

async function answer(deps: CellAgentServer, request: IncomingMessage): Promise<Answer> {
  const { method, url, headers } = request;
  const probed = probe(url ?? "", deps.readiness());
  if (probed !== undefined) return method === "GET" ? probed : notAllowed();
  if (url !== "/agents") return failure(404, "route/unknown", "this path is not served");
  if (method !== "GET" && method !== "PUT") return notAllowed();
  if (!carriesToken(headers.authorization, await deps.token())) {
    return failure(401, "agents/unauthorized", "send `Authorization: Bearer <gateway token>`");
  }
  if (method === "GET") return listAgents(deps.store);
  const body = await readText(request, MAX_BODY_BYTES);
  if (body === undefined) return failure(413, "agents/too-large", `send at most ${MAX_BODY_BYTES} bytes`);
  return putAgents(deps.store, body);
}

function notAllowed(): Answer {
  return failure(405, "route/method-not-allowed", "this method is not served here");
}

/** The whole body; undefined when it is longer than the limit. Rejects when the caller goes away. */
async function readText(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  // What is left of a body that was too long is not read: the connection ends.
  const close = status === 413 || status === 401 ? { connection: "close" } : {};
  response.writeHead(status, { "content-type": "application/json", ...close }).end(JSON.stringify(body));
}
