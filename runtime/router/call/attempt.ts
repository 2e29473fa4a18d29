import type { Reservation } from "../../budget/index.ts";
import type { Call, ReplySink } from "../../http/index.ts";
import { maxStreamBytes, StreamReader } from "../chat/stream-reader.ts";
import { Refusal } from "../errors.ts";
import { type Bound, Money } from "../money/settlement.ts";
import { boundTokensIn, worstCaseMicroUsd } from "../money/worst-case.ts";
import type { Shell } from "../shell.ts";
import type { AttemptOptions, AttemptOwner } from "./attempt-owner.ts";
import type { Candidate } from "./candidate.ts";
import { type Failure, failureOfStatus } from "./failover.ts";

/** A completion at a token cap of a hundred thousand has less than this. */
const MAX_REPLY_BYTES = 8_388_608;
const MAX_COMPLAINT_BYTES = 65_536;
const EMPTY = Buffer.alloc(0);

/** One call of one provider for one request: its money, its time and its reply. */
export class Attempt implements ReplySink {
  readonly candidate: Candidate;
  readonly #owner: AttemptOwner;
  readonly #shell: Shell;
  readonly #options: AttemptOptions;
  #body = "";
  #bound: Bound | undefined;
  #money: Money | undefined;
  #call: Call | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;
  #inBreaker = true;
  #refusal: Failure | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** When it was last looked whether the provider is still there. */
  #bytesBefore = 0;
  /** The cell reads slowly: the provider waits for it, not the other way round. */
  #paused = false;
  #reader: StreamReader | undefined;

  /** The breaker of the candidate's provider has let it through. */
  constructor(owner: AttemptOwner, shell: Shell, options: AttemptOptions) {
    this.candidate = options.candidate;
    this.#owner = owner;
    this.#shell = shell;
    this.#options = options;
  }

  /** What it came to; undefined before it is over or when nothing was reserved. */
  get money(): Money | undefined {
    return this.#money;
  }

  get reader(): StreamReader | undefined {
    return this.#reader;
  }

  /** Reserves and sends. Every end, refusals included, comes through the owner. */
  begin(): void {
    try {
      const { request, maxTokens, candidate, allowUnpriced } = this.#options;
      this.#body = candidate.provider.protocol.encode(request, { model: candidate.model, maxTokens });
      const tokensIn = boundTokensIn(Buffer.byteLength(this.#body), request.messages.length, request.tools);
      const price = candidate.priceAt(this.#shell.now().getTime());
      const worst = price === undefined ? undefined : worstCaseMicroUsd(price, tokensIn, maxTokens);
      if (worst === undefined && !allowUnpriced) throw new Refusal("price/unknown");
      this.#bound = { price: worst === undefined ? undefined : price, tokensIn, tokensOut: maxTokens };
      const reserved = this.#options.reserve(worst ?? 0);
      if (reserved instanceof Promise) reserved.then(this.#reserved, this.#refused);
      else this.#reserved(reserved);
    } catch (error) {
      this.#refused(error);
    }
  }

  /** The cell is gone or the answer is decided otherwise: ends the call and pays for what it may have cost. */
  abandon(): void {
    if (this.#over) return;
    this.#closeEarly();
    this.#stop();
  }

  /** The cell reads again. */
  resume(): void {
    this.#paused = false;
    this.#call?.resume();
  }

  onHead(status: number, contentType: string, retryAfter: string | undefined): void {
    if (this.#over) return;
    if (status < 200 || status > 299) {
      this.#refusal = failureOfStatus(status, retryAfter);
      return;
    }
    const { request, maxTokens, candidate } = this.#options;
    const type = contentType.split(";", 1)[0]?.trim().toLowerCase();
    if (type !== (request.stream ? "text/event-stream" : "application/json")) {
      this.#fail({ code: "provider/invalid-reply", free: false });
      return;
    }
    if (!request.stream) return;
    this.#reader = new StreamReader({
      screen: this.#shell.screen,
      translation: candidate.provider.protocol.translation(),
      maxBytes: maxStreamBytes(maxTokens),
      passesUsage: request.wantsUsage,
    });
  }

  onData(chunk: Buffer): boolean {
    if (this.#over) return true;
    this.#bytes += chunk.length;
    if (this.#reader !== undefined) return this.#streamed(this.#reader, chunk);
    if (this.#bytes > (this.#refusal === undefined ? MAX_REPLY_BYTES : MAX_COMPLAINT_BYTES)) {
      if (this.#refusal === undefined) this.#fail({ code: "provider/oversize-reply", free: false });
      else this.#fail(this.#refusal);
      return true;
    }
    this.#chunks.push(chunk);
    return true;
  }

  onEnd(): void {
    if (this.#over) return;
    if (this.#refusal !== undefined) this.#fail(this.#refusal, Buffer.concat(this.#chunks));
    else if (this.#reader !== undefined) this.#fail({ code: "provider/broken-reply", free: false });
    else if (!this.#options.request.stream) this.#whole();
    else this.#fail({ code: "provider/invalid-reply", free: false });
  }

  onFailure(failure: "unreachable" | "timeout" | "broken" | "aborted", error: unknown): void {
    if (this.#over) return;
    // A complaint that breaks off is one all the same.
    if (this.#refusal !== undefined) this.#fail(this.#refusal);
    else if (failure === "unreachable") this.#fail({ code: "provider/unreachable", free: true });
    else if (failure === "timeout") this.#fail({ code: "provider/timeout", free: false });
    else if (failure === "broken") {
      // Before a head nothing proves that the provider did not begin.
      this.#fail({ code: this.#bytes > 0 ? "provider/broken-reply" : "provider/failed", free: false });
    } else this.#refused(error);
  }

  #reserved = (reservation: Reservation): void => {
    if (this.#over || this.#bound === undefined) {
      reservation.release();
      return;
    }
    this.#money = new Money(reservation, this.#bound);
    try {
      const { candidate, request, traceparent } = this.#options;
      this.#call = candidate.provider.post(this.#body, request.stream, traceparent, this);
      this.#body = "";
      this.#wait(Math.min(this.#shell.timeouts.firstByteMs, this.#remainingMs()));
    } catch (error) {
      this.#money.nothing();
      this.#refused(error);
    }
  };

  #refused = (error: unknown): void => {
    if (this.#over) return;
    this.#closeEarly();
    this.#stop();
    this.#owner.onRefused(this, error);
  };

  #wait(ms: number): void {
    this.#timer = setTimeout(this.#expired, Math.max(0, ms));
  }

  #expired = (): void => {
    if (this.#over) return;
    const remainingMs = this.#remainingMs();
    const silent = this.#bytes === this.#bytesBefore && !this.#paused;
    this.#bytesBefore = this.#bytes;
    if (silent || remainingMs <= 0) this.#fail({ code: "provider/timeout", free: false });
    else this.#wait(Math.min(this.#shell.timeouts.firstByteMs, remainingMs));
  };

  #remainingMs(): number {
    return this.#options.deadlineMs - this.#shell.nowMs();
  }

  #streamed(reader: StreamReader, chunk: Buffer): boolean {
    try {
      const bytes = reader.push(chunk);
      const { state } = reader;
      if (state === "open") {
        this.#paused = bytes !== undefined && !this.#owner.onPiece(bytes);
        return !this.#paused;
      }
      if (state === "done") {
        if (bytes !== undefined) this.#owner.onPiece(bytes);
        this.#streamDone(reader);
      } else if (state === "blocked") this.#refused(new Refusal("screening/blocked-reply"));
      else if (state === "oversize") this.#fail({ code: "provider/oversize-reply", free: false });
      else if (state === "invalid") this.#fail({ code: "provider/invalid-reply", free: false });
      else this.#fail({ code: "provider/failed", free: false });
    } catch (error) {
      // Events that cannot be screened do not leave; another provider's may.
      this.#shell.log.warn({ err: error, provider: this.candidate.provider.name }, "a stream could not be screened");
      this.#fail({ code: "provider/invalid-reply", free: false });
    }
    return true;
  }

  #streamDone(reader: StreamReader): void {
    const tail = reader.end();
    if (reader.state === "blocked") {
      this.#refused(new Refusal("screening/blocked-reply"));
      return;
    }
    const { usage, receivedBytes } = reader;
    if (usage !== undefined) this.#money?.used(usage);
    else this.#untold(receivedBytes);
    this.#finish();
    this.#leaveBreaker("succeeded");
    this.#owner.onStreamed(this, tail);
  }

  #whole(): void {
    const body = this.#chunks.length === 1 ? (this.#chunks[0] ?? EMPTY) : Buffer.concat(this.#chunks);
    const reply = this.candidate.provider.protocol.decode(body);
    if (reply === undefined) {
      this.#fail({ code: "provider/invalid-reply", free: false });
      return;
    }
    if (reply.usage !== undefined) this.#money?.used(reply.usage);
    else this.#untold(body.length);
    this.#finish();
    this.#leaveBreaker("succeeded");
    this.#owner.onWhole(this, reply);
  }

  /** The provider did not say what it used. A token of the reply has at least a byte in it, unless it is not shown. */
  #untold(replyBytes: number): void {
    if (this.candidate.provider.protocol.hidesReasoning) this.#money?.worst();
    else this.#money?.upTo(replyBytes);
  }

  #fail(failure: Failure, body: Buffer = EMPTY): void {
    if (failure.free) this.#money?.nothing();
    else this.#money?.worst();
    if (failure.code === "provider/rejected-request") this.#leaveBreaker("succeeded");
    else if (failure.code !== "provider/rate-limited") this.#leaveBreaker("failed");
    this.#stop();
    this.#owner.onFailed(this, failure, body);
  }

  /**
   * We break it off. What the provider did until then was seen in a stream of a model that shows all it generates: an event
   * of one token is many bytes, so the bytes also cover what was on its way. Otherwise all of it may have been done.
   */
  #closeEarly(): void {
    const { reader } = this;
    if (reader === undefined || reader.receivedBytes === 0 || this.candidate.provider.protocol.hidesReasoning) {
      this.#money?.worst();
      return;
    }
    const { promptUsage, receivedBytes } = reader;
    const most = Math.min(receivedBytes, this.#options.maxTokens);
    if (promptUsage === undefined) this.#money?.upTo(most);
    else this.#money?.used({ ...promptUsage, tokensOut: most });
  }

  #stop(): void {
    this.#finish();
    this.#call?.abort();
    this.#leaveBreaker("left");
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #leaveBreaker(how: "succeeded" | "failed" | "left"): void {
    if (!this.#inBreaker) return;
    this.#inBreaker = false;
    this.candidate.provider.breaker[how]();
  }
}
