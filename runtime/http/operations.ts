import { createServer, type Server } from "node:http";

/** What probes and Prometheus ask a service. */
export interface Operations {
  /** Whether a request could be served and recorded now. */
  readonly ready: () => boolean | Promise<boolean>;
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
}

export interface OperationsServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * A second port for kubelet and Prometheus: `/healthz` (the process answers), `/readyz` (send me requests), `/metrics`.
 * It asks for no key, because it tells no content; NetworkPolicies decide who reaches it.
 */
export async function listenForOperations(
  address: { readonly host: string; readonly port: number },
  operations: Operations,
): Promise<OperationsServer> {
  const server = createServer({ headersTimeout: 5000, requestTimeout: 5000 }, (request, response) => {
    answer(request.method ?? "", request.url ?? "", operations).then(
      ({ status, type, body }) => {
        response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
      },
      (error: unknown) => {
        process.stderr.write(`operations port: ${String(error)}\n`);
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { port: portOf(server), close: () => close(server) };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(method: string, path: string, { ready, metrics }: Operations): Promise<Answer> {
  if (method !== "GET") return json(405, { status: "only GET" });
  if (path === "/healthz") return json(200, { status: "ok" });
  if (path === "/readyz") return (await ready()) ? json(200, { status: "ready" }) : json(503, { status: "not ready" });
  if (path === "/metrics") return { status: 200, type: metrics.contentType, body: await metrics.text() };
  return json(404, { status: "unknown path" });
}

function json(status: number, body: object): Answer {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(body) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
}
