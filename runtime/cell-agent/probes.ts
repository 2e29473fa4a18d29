import { createServer, type Server } from "node:http";
import type { Readiness } from "./watch.ts";

/** `GET /healthz` (this process lives) and `GET /readyz` (the cell may serve; 503 with the reason until it may). */
export function probeServer(readiness: () => Readiness): Server {
  return createServer((request, response) => {
    const { status, body } = probe(request.method ?? "", request.url ?? "", readiness());
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
}

/** The answer to one probe. */
export function probe(
  method: string,
  path: string,
  readiness: Readiness,
): { readonly status: number; readonly body: object } {
  if (method !== "GET") return { status: 405, body: { error: "method-not-allowed" } };
  if (path === "/healthz") return { status: 200, body: { status: "live" } };
  if (path === "/readyz") return { status: readiness.ready ? 200 : 503, body: readiness };
  return { status: 404, body: { error: "not-found" } };
}
