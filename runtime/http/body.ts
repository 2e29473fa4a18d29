import type { IncomingMessage } from "node:http";

/** Why there is no body: more bytes than allowed, or the client went away before its end. */
export type BodyFailure = "too-large" | "aborted";

const EMPTY = Buffer.alloc(0);

/**
 * Collects a request's body within bounds and calls back exactly once.
 *
 * A body that says it is too large is refused before it is read; one that lies is refused at the first byte over the
 * limit. The rest of a refused body is discarded unread: answer with `connection: close`.
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  done: (failure: BodyFailure | undefined, body: Buffer) => void,
): void {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) {
    request.resume();
    done("too-large", EMPTY);
    return;
  }
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let bytes = 0;
  let finished = false;
  const finish = (failure: BodyFailure | undefined, body: Buffer): void => {
    if (finished) return;
    finished = true;
    done(failure, body);
  };
  request.on("data", (chunk: Buffer) => {
    if (finished) return;
    bytes += chunk.length;
    if (bytes > limitBytes) {
      first = undefined;
      chunks = undefined;
      finish("too-large", EMPTY);
    } else if (first === undefined) first = chunk;
    else if (chunks === undefined) chunks = [first, chunk];
    else chunks.push(chunk);
  });
  // Nearly every body comes in one piece: no copy then.
  request.on("end", () => finish(undefined, chunks === undefined ? (first ?? EMPTY) : Buffer.concat(chunks, bytes)));
  request.on("error", () => finish("aborted", EMPTY));
  request.on("close", () => finish("aborted", EMPTY));
}
