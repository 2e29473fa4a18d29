import type { ServerResponse } from "node:http";
import { sendJson } from "../../http/index.ts";
import { type ErrorCode, errorBody, errorHeaders, Refusal } from "../errors.ts";
import type { Shell } from "../shell.ts";
import type { Trail } from "../trail.ts";
import { event } from "./completion.ts";

const DONE = "data: [DONE]\n\n";
const STREAM_TYPE = "text/event-stream; charset=utf-8";

/**
 * The one way in which a cell gets an answer: the record of the request is durable before the answer ends. A whole answer
 * waits for its record; a stream is passed on as it comes and waits before `[DONE]`. Without a record no answer counts as
 * complete.
 */
export class Answer {
  readonly #response: ServerResponse;
  readonly #shell: Shell;
  readonly #trail: Trail;
  #ended = false;
  #streaming = false;

  constructor(response: ServerResponse, shell: Shell, trail: Trail) {
    this.#response = response;
    this.#shell = shell;
    this.#trail = trail;
  }

  /** Whether how it ends is decided: nothing can be added. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether something was passed on already. */
  get streaming(): boolean {
    return this.#streaming;
  }

  whole(completion: string | Buffer): void {
    this.#end("ok", 200, () => sendJson(this.#response, 200, completion, this.#headers()));
  }

  /** A whole stream at once. */
  events(events: string): void {
    this.#end("ok", 200, () => {
      const headers = { ...this.#headers(), "content-type": STREAM_TYPE, "cache-control": "no-cache" };
      this.#response.writeHead(200, headers).end(events);
    });
  }

  /** Passes a piece of a stream on. @returns false when the cell reads slowly: wait for the response's `drain`. */
  piece(bytes: Buffer): boolean {
    if (this.#ended) return true;
    if (!this.#streaming) {
      this.#streaming = true;
      const headers = { ...this.#headers(), "content-type": STREAM_TYPE, "cache-control": "no-cache" };
      this.#response.writeHead(200, headers);
    }
    return this.#response.write(bytes);
  }

  /** Ends a stream that came whole. */
  complete(): void {
    this.#end("ok", 200, () => this.#response.end(DONE));
  }

  /** Ends in an error: as the answer, or as the last event of a stream that has begun. */
  refuse(refusal: Refusal): void {
    const { status, code } = refusal;
    if (status >= 500)
      this.#shell.log.error({ code, err: refusal.cause ?? refusal, trace_id: this.#trail.traceId }, "failed");
    this.#end(code, this.#streaming ? 200 : status, () => this.#send(refusal));
  }

  /** The cell is gone: only the record is left to write. */
  gone(): void {
    this.#end("client/aborted", 499, () => {});
  }

  #end(code: ErrorCode | "ok", status: number, send: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    const { audit, metrics, nowMs, keepsContent } = this.#shell;
    const endedMs = nowMs();
    const seconds = (endedMs - this.#trail.startedMs) / 1000;
    audit.appendThen(this.#trail.entry(code, status, endedMs, keepsContent), (error) => {
      const recorded = error === undefined ? code : "audit/unavailable";
      metrics.responseTime(this.#trail.tenant, recorded, seconds);
      if (recorded !== "ok") metrics.refused(recorded);
      if (error === undefined) send();
      else this.#send(new Refusal("audit/unavailable", undefined, { cause: error }));
    });
  }

  #send(refusal: Refusal): void {
    const body = errorBody(refusal);
    if (this.#streaming) this.#response.end(event(body));
    else
      sendJson(this.#response, refusal.status, JSON.stringify(body), { ...this.#headers(), ...errorHeaders(refusal) });
  }

  #headers(): Record<string, string> {
    return { "x-trace-id": this.#trail.traceId };
  }
}
