import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyBaseLogger } from "fastify";
import type { AuditLog } from "../../audit/index.ts";
import { sendJson } from "../../http/index.ts";
import type { ServiceMetrics } from "../../metrics/index.ts";
import { type ErrorCode, errorBody, type Refusal, refusal } from "../errors.ts";
import { entryOf, newTrail } from "../trail.ts";

export interface ConnectionDeps {
  readonly audit: Pick<AuditLog, "appendThen">;
  readonly metrics: Pick<ServiceMetrics, "refused">;
  readonly nowMs: () => number;
  readonly log: FastifyBaseLogger;
}

/**
 * Answers what never becomes a request of a route: a switch of protocols, an expectation that we do not meet, bytes that
 * are no HTTP. Node's parser is strict: a message with both `content-length` and `transfer-encoding`, or with either of
 * them twice, is no HTTP and ends its connection, so that no proxy before us can be made to read it otherwise.
 *
 * The first two leave an audit record like every request. Bytes that are no request have nobody to record; they are
 * counted.
 */
export function guardConnections(server: Server, deps: ConnectionDeps): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    record(request, refusal("request/upgrade", "another protocol"), deps, (told) => socket.end(rawAnswer(told)));
  });
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    record(request, refusal("request/expectation", "another expectation"), deps, (told) => {
      sendJson(response, told.status, JSON.stringify(errorBody(told)), { connection: "close" });
    });
  });
  server.removeAllListeners("clientError");
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const [code, got] = CLIENT_ERRORS[error.code ?? ""] ?? ["request/malformed", "bytes that are no HTTP request"];
    deps.metrics.refused(code);
    socket.end(rawAnswer(refusal(code, got)));
  });
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ["request/headers-too-large", "more than that"],
  ERR_HTTP_REQUEST_TIMEOUT: ["request/timeout", "a part of it"],
};

function record(
  request: IncomingMessage,
  problem: Refusal,
  { audit, metrics, nowMs, log }: ConnectionDeps,
  answer: (told: Refusal) => void,
): void {
  const trail = newTrail(request.headers, nowMs());
  trail.code = problem.code;
  metrics.refused(problem.code);
  audit.appendThen(entryOf(trail, problem.status, nowMs()), (error) => {
    if (error === undefined) {
      answer(problem);
      return;
    }
    log.error({ err: error, trace_id: trail.trace.traceId }, "no audit record, so no answer");
    answer(refusal("audit/unavailable", "a log that takes no record", { cause: error }));
  });
}

/** A whole HTTP answer, for a connection that Node has no response object for. */
function rawAnswer(problem: Refusal): string {
  const body = JSON.stringify(errorBody(problem));
  const head = [
    `HTTP/1.1 ${problem.status} Refused`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
