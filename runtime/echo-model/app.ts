import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import Fastify, { type FastifyInstance } from "fastify";
import { hotServer } from "../http/index.ts";
import type { ServerTls } from "../transport/tls.ts";
import { answer, EchoRequest } from "./answer.ts";
import { completion, events } from "./wire.ts";

/** A turn of OpenClaw carries the whole conversation and 30 kB of system prompt. */
const MAX_BODY_BYTES = 33_554_432;

/**
 * The stand-in as an OpenAI-compatible server. It holds nothing and knows nobody: any request gets its answer.
 *
 * @param tls by default plain HTTP
 */
export function buildEchoModel(nowMs: () => number, tls?: ServerTls): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: "idle",
    serverFactory: hotServer({ hot: new Map(), ...(tls === undefined ? {} : { tls }) }),
  });
  app.get("/healthz", () => ({ status: "ok" }));
  // It keeps nothing and waits for nothing: alive is ready.
  app.get("/readyz", () => ({ status: "ok" }));
  app.get("/v1/models", () => ({
    object: "list",
    data: [{ id: "echo", object: "model", created: 0, owned_by: "breakwater stand-in" }],
  }));
  app.post("/v1/chat/completions", (request, reply) => {
    const parsed = EchoRequest.safeParse(request.body);
    if (!parsed.success) {
      const message = `[request/invalid-body] ${parsed.error.issues.map(({ message }) => message).join("; ")}`;
      const error = { message, type: "invalid_request_error", code: "request/invalid-body", param: null };
      return reply.code(400).send({ error });
    }
    const identity = {
      id: `chatcmpl-${randomUUID()}`,
      callId: `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`,
      createdSeconds: Math.floor(nowMs() / 1000),
    };
    const said = answer(parsed.data);
    if (parsed.data.stream !== true) return reply.send(completion(parsed.data, said, identity));
    reply.header("content-type", "text/event-stream; charset=utf-8").header("cache-control", "no-cache");
    return reply.send(Readable.from(events(parsed.data, said, identity), { objectMode: false }));
  });
  return app;
}
