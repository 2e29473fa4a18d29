import type { FastifyReply } from "fastify";
import { refusal } from "../errors.ts";

/** Ends a call to a cell early; `release` must be called when the call is over. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** Aborts with the refusal to answer with: `client/aborted` when the caller hangs up, `cell/timeout` when time is up. */
export function deadlineOf(reply: FastifyReply, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const onClose = (): void => {
    if (!reply.raw.writableFinished) controller.abort(refusal("client/aborted", "a closed connection"));
  };
  const timer = setTimeout(() => controller.abort(refusal("cell/timeout", `no end after ${timeoutMs} ms`)), timeoutMs);
  reply.raw.once("close", onClose);
  const release = (): void => {
    clearTimeout(timer);
    reply.raw.off("close", onClose);
  };
  return { signal: controller.signal, release };
}
