import { type Dispatcher, Pool } from "undici";
import { type UpstreamFailure, upstreamFailure } from "../service/upstream-failure.ts";
import type { ClientTls } from "../transport/tls.ts";

/** Takes one reply as it comes in: head, then data, then the end or a failure. Nothing is called after either of those. */
export interface ReplySink {
  onHead(status: number, contentType: string, retryAfter: string | undefined): void;
  /** @returns false to pause; `Call.resume` goes on. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  /** `aborted` when `Call.abort` was called. */
  onFailure(failure: UpstreamFailure | "aborted", error: unknown): void;
}

/** A request that is on its way. */
export interface Call {
  /** Ends it early; the sink learns of it as `aborted`. Does nothing when it has ended. */
  abort(): void;
  resume(): void;
  readonly finished: boolean;
}

export interface UpstreamOptions {
  /** Most connections at a time; more requests wait. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Longest wait for the head of a reply. */
  readonly headersTimeoutMs: number;
  /** Longest silence between two pieces of a reply. */
  readonly bodyTimeoutMs: number;
  /** @default the authorities that Node knows */
  readonly tls?: ClientTls;
}

/**
 * One server that we call, over kept connections, without a promise or a stream per request: `dispatch` costs 15 us less
 * than `request` (measured 2026-11-23).
 */
export class Upstream {
  readonly #pool: Pool;
  readonly #prefix: string;

  /** @param baseUrl address that paths are appended to, such as `https://cell:18789` or `https://host/v1`. */
  constructor(baseUrl: string, options: UpstreamOptions) {
    const url = new URL(baseUrl);
    this.#prefix = url.pathname.replace(/\/+$/, "");
    this.#pool = new Pool(url.origin, {
      connections: options.connections,
      connect: { timeout: options.connectTimeoutMs, ...options.tls },
      headersTimeout: options.headersTimeoutMs,
      bodyTimeout: options.bodyTimeoutMs,
      pipelining: 1,
    });
  }

  /** Sends one POST. The sink is never called before this returns. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string | Buffer, sink: ReplySink): Call {
    const exchange = new Exchange(sink);
    this.#pool.dispatch({ method: "POST", path: this.#prefix + path, headers, body }, exchange);
    exchange.posted = true;
    return exchange;
  }

  /** Waits for running calls, then closes the connections. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Ends running calls and closes the connections. */
  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}

class Exchange implements Call, Dispatcher.DispatchHandler {
  finished = false;
  /** A closed pool refuses before `dispatch` returns. */
  posted = false;
  readonly #sink: ReplySink;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;

  constructor(sink: ReplySink) {
    this.#sink = sink;
  }

  abort(): void {
    if (this.finished || this.#aborted) return;
    this.#aborted = true;
    const error = new Error("ended by us");
    if (this.#controller === undefined) this.onResponseError(undefined, error);
    else this.#controller.abort(error);
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Aborted while it waited for a connection.
    if (this.#aborted) controller.abort(new Error("ended by us"));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 1xx announce a reply that is still to come.
    if (status < 200 || this.finished) return;
    this.#sink.onHead(status, first(headers["content-type"]) ?? "", first(headers["retry-after"]));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.finished && !this.#sink.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.finished) return;
    this.finished = true;
    this.#sink.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: unknown): void {
    if (this.finished) return;
    this.finished = true;
    const failure = this.#aborted ? "aborted" : upstreamFailure(error);
    if (this.posted) this.#sink.onFailure(failure, error);
    else queueMicrotask(() => this.#sink.onFailure(failure, error));
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
