import { z } from "zod";
import type { Call, ReplySink } from "../../http/index.ts";
import { jsonOrUndefined } from "../../json/index.ts";
import type { UpstreamFailure } from "../../service/upstream-failure.ts";
import { type Refusal, refusal } from "../errors.ts";
import { type CellRequest, type Cells, cellFailure } from "./upstream.ts";

/** Far above any answer of an agent; guards our memory against a cell that was taken over. */
export const MAX_REPLY_BYTES = 16_777_216;
const MAX_ERROR_CHARS = 300;

const CellError = z.object({ error: z.object({ message: z.string() }) });

/** A whole reply of a cell. */
export interface CellReply {
  readonly status: number;
  readonly body: Buffer;
}

/** Collects the pieces of a reply within bounds. */
export class ReplyBuffer {
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;

  /** @returns false when the reply is larger than any answer may be. */
  add(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_REPLY_BYTES) return false;
    if (this.#first === undefined) this.#first = chunk;
    else if (this.#more === undefined) this.#more = [this.#first, chunk];
    else this.#more.push(chunk);
    return true;
  }

  /** Everything that came. Nearly every reply comes in one piece: no copy then. */
  get bytes(): Buffer {
    return this.#more === undefined ? (this.#first ?? Buffer.alloc(0)) : Buffer.concat(this.#more, this.#bytes);
  }
}

/** Calls a cell and waits for its whole reply. @throws Refusal `cell/*`, or the reason that `signal` was aborted with. */
export function askCell(cells: Cells, request: CellRequest, signal: AbortSignal): Promise<CellReply> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => call.abort();
    const sink = new WholeReply((error, reply) => {
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) reject(signal.reason);
      else if (error !== undefined) reject(error);
      else resolve(reply);
    });
    const call = cells.post(request, sink);
    sink.call = call;
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

class WholeReply implements ReplySink {
  call: Call | undefined;
  readonly #done: (error: Refusal | undefined, reply: CellReply) => void;
  readonly #buffer = new ReplyBuffer();
  #status = 0;
  #tooLarge = false;

  constructor(done: (error: Refusal | undefined, reply: CellReply) => void) {
    this.#done = done;
  }

  onHead(status: number): void {
    this.#status = status;
  }

  onData(chunk: Buffer): boolean {
    if (!this.#tooLarge && !this.#buffer.add(chunk)) {
      this.#tooLarge = true;
      this.call?.abort();
    }
    return true;
  }

  onEnd(): void {
    this.#done(undefined, { status: this.#status, body: this.#buffer.bytes });
  }

  onFailure(failure: UpstreamFailure | "aborted", error: unknown): void {
    const problem = this.#tooLarge
      ? refusal("cell/broken-reply", `more than ${MAX_REPLY_BYTES} bytes`)
      : cellFailure(failure, error);
    this.#done(problem, { status: 0, body: Buffer.alloc(0) });
  }
}

/** Reads a whole reply as JSON. @throws Refusal `cell/broken-reply` when it is none. */
export function parseReply(text: string): unknown {
  const value = jsonOrUndefined(text);
  // Without the parser's error: it quotes the text, and this refusal is logged.
  if (value === undefined) throw refusal("cell/broken-reply", "an answer that is no JSON");
  return value;
}

/**
 * What a status other than 200 means for the caller. What a cell says about a bad request is meant for its caller;
 * anything else it says about itself is not.
 */
export function refusedBy({ status, body }: CellReply, retryAfter?: string): Refusal {
  if (status === 400 || status === 413) {
    const said = CellError.safeParse(jsonOrUndefined(body.toString("utf8"))).data?.error.message ?? "no reason";
    return refusal("cell/refused", JSON.stringify(said.slice(0, MAX_ERROR_CHARS)));
  }
  if (status === 503 || status === 429) {
    const headers = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? { "retry-after": retryAfter } : {};
    return refusal("cell/unavailable", `status ${status}`, { headers });
  }
  return refusal("cell/broken-reply", `status ${status}`);
}
