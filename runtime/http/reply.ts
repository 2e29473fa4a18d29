import type { ServerResponse } from "node:http";

/** Sends one whole JSON answer. Does nothing when the answer has begun or its client is gone. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers?: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  const own = { "content-type": "application/json; charset=utf-8", "content-length": length };
  response.writeHead(status, headers === undefined ? own : { ...own, ...headers });
  response.end(body);
}
