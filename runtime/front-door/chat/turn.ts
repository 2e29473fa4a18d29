import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Call, type ReplySink, readBody } from "../../http/index.ts";
import type { Caller } from "../../limits/index.ts";
import type { UpstreamFailure } from "../../service/upstream-failure.ts";
import { admit, header } from "../access/guard.ts";
import { enterRequest } from "../access/guard-limits.ts";
import { resolveTenant } from "../access/tenancy.ts";
import { type AnswerHeaders, errorBody, type Refusal, refusal, toRefusal } from "../errors.ts";
import { entryOf, newTrail, type Trail } from "../trail.ts";
import { requireJson, spentBudget } from "./admission.ts";
import { answerHead, JSON_ANSWER, sendText } from "./answer.ts";
import type { ChatBody } from "./body.ts";
import { MAX_REPLY_BYTES, ReplyBuffer, refusedBy } from "./cell-reply.ts";
import type { ChatDeps } from "./deps.ts";
import { parseJsonBody } from "./json.ts";
import { agentOf, cellBody, parseChatBody } from "./parse.ts";
import { Findings, passed, screenedRequest } from "./screening.ts";
import { conversationOf } from "./sessions.ts";
import { ChatStream } from "./stream.ts";
import { cellFailure } from "./upstream.ts";
import { wholeAnswer } from "./whole.ts";

/** A client that reads no further gets this long after the time limit, then its connection is closed. */
const GRACE_MS = 10_000;
const CLOSE: AnswerHeaders = { connection: "close" };

/**
 * One chat request from its first byte to its last: an object instead of a chain of promises, because this path carries
 * the load. Whatever happens it ends once: with one durable audit record and then one answer, or none when the caller
 * is gone.
 */
export class ChatTurn implements ReplySink {
  readonly trail: Trail;
  readonly response: ServerResponse;
  readonly deps: ChatDeps;
  readonly findings = new Findings();
  readonly #request: IncomingMessage;
  readonly #timer: NodeJS.Timeout;
  #graceTimer: NodeJS.Timeout | undefined;
  #caller: Caller | undefined;
  #entered = false;
  #conversation: string | undefined;
  #call: Call | undefined;
  /** The answer is decided; what still comes from the cell is dropped. */
  #ended = false;
  #status = 0;
  #retryAfter: string | undefined;
  #stream: ChatStream | undefined;
  #wantsStream = false;
  #wantsUsage = false;
  #whole: ReplyBuffer | undefined;

  constructor(deps: ChatDeps, request: IncomingMessage, response: ServerResponse) {
    this.deps = deps;
    this.#request = request;
    this.response = response;
    this.trail = newTrail(request.headers, deps.nowMs());
    this.#timer = setTimeout(expire, deps.timeoutMs, this);
    deps.metrics.inFlight(1);
    response.on("close", () => this.#onClose());
    response.on("error", leaveToClose);
  }

  /** Decides by the headers alone whether the body is read. */
  begin(): void {
    const { deps, trail } = this;
    const { headers } = this.#request;
    if (deps.draining()) this.response.shouldKeepAlive = false;
    try {
      const named = header(this.#request, "x-tenant-id");
      this.#caller = admit(
        trail,
        headers,
        "agent:chat",
        (principal) => resolveTenant(principal, named, deps.served),
        deps,
      );
      requireJson(headers["content-type"], headers["content-encoding"]);
      const spent = this.spent;
      if (spent !== undefined) throw spent;
    } catch (error) {
      this.fail(error);
      return;
    }
    if (deps.audit.healthy) this.#read();
    else this.#readWhenAuditWorks();
  }

  #readWhenAuditWorks(): void {
    const refused = (error?: unknown): void =>
      this.fail(refusal("audit/unavailable", "a log that takes no record", { cause: error }));
    this.deps.audit.ready().then((works) => (works ? this.#read() : refused()), refused);
  }

  #read(): void {
    // The caller went away while the audit log was looked at.
    if (this.#ended) return;
    readBody(this.#request, this.deps.maxBodyBytes, (failure, body) => {
      if (this.#ended) return;
      if (failure === "aborted") this.abandon();
      else if (failure === "too-large")
        this.fail(refusal("request/too-large", "more bytes than that", { headers: CLOSE }));
      else this.#dispatch(body);
    });
  }

  #dispatch(bytes: Buffer): void {
    const { deps, trail } = this;
    try {
      const asked = parseChatBody(parseJsonBody(bytes));
      const tenant = trail.tenant as string;
      const agent = agentOf(asked.model, tenant, deps.agents);
      trail.agent = agent;
      trail.model = `openclaw/${agent}`;
      this.#name(asked, tenant);
      const body = passed(this.findings, () => screenedRequest(deps.screen, asked, this.findings));
      if (deps.includeContent) trail.content = { request: JSON.stringify(body.messages), reply: null };
      const refused = enterRequest(deps.limiter, this.#caller as Caller);
      if (refused !== undefined) throw refused;
      this.#entered = true;
      this.#wantsStream = body.stream === true;
      this.#wantsUsage = body.stream_options?.include_usage === true;
      this.#call = deps.cells.post(
        {
          tenant,
          path: "/v1/chat/completions",
          body: cellBody(body, agent, trail.conversation as string),
          accept: this.#wantsStream ? "text/event-stream" : "application/json",
          traceparent: trail.trace.traceparent,
          principal: deps.principals.token(tenant, trail.principal as string),
        },
        this,
      );
    } catch (error) {
      this.fail(error);
    }
  }

  /** Which conversation goes on, in the caller's words and in the cell's. */
  #name(body: ChatBody, tenant: string): void {
    const { trail, deps } = this;
    const owner = { tenant, keyId: trail.principal as string };
    const named = header(this.#request, "x-conversation-id");
    this.#conversation = conversationOf(named, body.user ?? undefined, randomUUID);
    trail.conversation = deps.sessions.of(owner, this.#conversation);
  }

  /** Why a run in the cell may have failed: the tenant's month is used up by now. */
  get spent(): Refusal | undefined {
    return spentBudget(this.deps.budgets, this.trail.tenant as string);
  }

  onHead(status: number, contentType: string, retryAfter: string | undefined): void {
    if (this.#ended) return;
    this.#status = status;
    this.#retryAfter = retryAfter;
    if (status !== 200 || !this.#wantsStream) {
      this.#whole = new ReplyBuffer();
      return;
    }
    if (!contentType.toLowerCase().startsWith("text/event-stream")) {
      this.fail(refusal("cell/broken-reply", "an answer that is no stream"));
      return;
    }
    this.#stream = new ChatStream(this, this.#wantsUsage);
  }

  onData(chunk: Buffer): boolean {
    if (this.#ended) return true;
    if (this.#stream !== undefined) return this.#stream.take(chunk);
    if (this.#whole?.add(chunk) === false)
      this.fail(refusal("cell/broken-reply", `more than ${MAX_REPLY_BYTES} bytes`));
    return true;
  }

  onEnd(): void {
    if (this.#ended) return;
    if (this.#stream !== undefined) this.#stream.finish();
    else this.#answerWhole(this.#whole?.bytes ?? Buffer.alloc(0));
  }

  onFailure(failure: UpstreamFailure | "aborted", error: unknown): void {
    if (!this.#ended) this.fail(cellFailure(failure, error));
  }

  #answerWhole(body: Buffer): void {
    const { trail, deps } = this;
    if (this.#status !== 200) {
      const problem = refusedBy({ status: this.#status, body }, this.#retryAfter);
      this.fail(problem.status < 500 ? problem : (this.spent ?? problem));
      return;
    }
    let text: string;
    try {
      const answer = wholeAnswer(body, deps.screen, this.findings);
      text = answer.text;
      trail.tokensIn = answer.tokensIn;
      trail.tokensOut = answer.tokensOut;
      if (trail.content !== null) trail.content = { ...trail.content, reply: text };
    } catch (error) {
      this.fail(error);
      return;
    }
    this.settle("ok", 200, (unrecorded) => {
      if (unrecorded !== undefined) this.#sendError(unrecorded);
      else this.#send(200, text);
    });
  }

  /** Ends the request with an error, once: record, then answer. In a stream that has begun the error is its last event. */
  fail(error: unknown): void {
    if (this.#ended) return;
    const problem = toRefusal(error);
    if (problem.status >= 500) this.report(problem);
    this.settle(problem.code, problem.status, (unrecorded) => {
      const told = unrecorded ?? problem;
      if (this.response.headersSent) this.#stream?.endWith(told);
      else this.#sendError(told);
    });
    this.#call?.abort();
  }

  /** The caller is gone: the cell is stopped, and what it did is recorded. */
  abandon(): void {
    if (this.#ended) return;
    this.settle("client/aborted", 499, () => {});
    this.#call?.abort();
  }

  /** Makes the one record of this request durable, then calls back: with the refusal to answer with when it could not be. */
  settle(code: string, status: number, then: (unrecorded: Refusal | undefined) => void): void {
    const { deps, trail } = this;
    this.#ended = true;
    trail.code = code;
    this.#stream?.note();
    if (this.findings.hits.length > 0) this.#noteFindings();
    const nowMs = deps.nowMs();
    deps.metrics.responseTime(trail.tenant, code, (nowMs - trail.startedMs) / 1000);
    if (code !== "ok") deps.metrics.refused(code);
    deps.audit.appendThen(entryOf(trail, status, nowMs), (error) => {
      if (error === undefined) {
        then(undefined);
        return;
      }
      const problem = refusal("audit/unavailable", "a log that takes no record", { cause: error });
      this.report(problem);
      deps.metrics.refused(problem.code);
      then(problem);
    });
  }

  #noteFindings(): void {
    const { trail, deps, findings } = this;
    trail.rules = findings.rules;
    for (const { rule, action } of findings.hits) deps.metrics.screened(trail.tenant ?? "none", rule, action);
  }

  /** The headers of this request's answer. */
  head(contentType: string, more?: AnswerHeaders): string[] {
    const allowance = this.#caller === undefined ? undefined : this.deps.limiter.allowance(this.#caller);
    return answerHead(contentType, { trace: this.trail.trace, conversation: this.#conversation, allowance }, more);
  }

  /** Goes on reading the cell after a pause. */
  resume(): void {
    this.#call?.resume();
  }

  /** Whether the answer is decided: nothing more may be sent but what `settle` calls back for. */
  get ended(): boolean {
    return this.#ended;
  }

  report(problem: Refusal): void {
    const { traceId } = this.trail.trace;
    this.deps.log.error({ err: problem.cause ?? problem, code: problem.code, trace_id: traceId }, "chat failed");
  }

  #sendError(problem: Refusal): void {
    this.#send(problem.status, JSON.stringify(errorBody(problem)), problem.headers);
  }

  #send(status: number, text: string, more?: AnswerHeaders): void {
    sendText(this.response, status, this.head(JSON_ANSWER, more), text);
  }

  onDeadline(): void {
    if (this.#graceTimer !== undefined) {
      this.response.destroy();
      return;
    }
    this.#graceTimer = setTimeout(expire, GRACE_MS, this);
    const got = `no end after ${this.deps.timeoutMs} ms`;
    this.fail(refusal(this.#call === undefined ? "request/timeout" : "cell/timeout", got, { headers: CLOSE }));
  }

  #onClose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#graceTimer);
    this.abandon();
    // A cell that goes on after its last event is not waited for.
    this.#call?.abort();
    if (this.#entered) this.deps.limiter.leave(this.#caller as Caller);
    this.deps.metrics.inFlight(-1);
  }
}

/** A broken connection is no error of ours: `close` follows it, and decides. */
function leaveToClose(): void {}

function expire(turn: ChatTurn): void {
  turn.onDeadline();
}
