import type { IncomingMessage, ServerResponse } from "node:http";
import { BudgetRefusal } from "../../budget/index.ts";
import { type BodyFailure, readBody } from "../../http/index.ts";
import { PRINCIPAL_HEADER } from "../../identity/index.ts";
import { continueTrace } from "../../service/trace.ts";
import { Answer } from "../chat/answer.ts";
import { readChatRequest } from "../chat/request.ts";
import { screenedRequest } from "../chat/screening.ts";
import { Refusal, toRefusal } from "../errors.ts";
import type { Shell } from "../shell.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { Trail } from "../trail.ts";
import { planFor } from "./plan.ts";
import { Run } from "./run.ts";

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/** The database of the budgets is looked for again about as often. */
const RETRY_BUDGET_SECONDS = 5;

/**
 * One chat completion of a cell, from its headers to the record of it: who asks, what for, whether it may leave, and where
 * to. What is tried then is {@link Run}.
 */
export class Exchange {
  readonly #shell: Shell;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #traceparent: string;
  readonly #trail: Trail;
  readonly #answer: Answer;
  #tenant: Tenant | undefined;
  #run: Run | undefined;
  #loadBytes = 0;

  constructor(shell: Shell, request: IncomingMessage, response: ServerResponse) {
    const { traceId, traceparent } = continueTrace(request.headers["traceparent"]);
    this.#shell = shell;
    this.#request = request;
    this.#response = response;
    this.#traceparent = traceparent;
    this.#trail = new Trail(shell.nowMs(), traceId);
    this.#answer = new Answer(response, shell, this.#trail);
  }

  /** Never throws: whatever goes wrong becomes an answer. */
  start(): void {
    const { metrics, cellKeys, principals, tenants, audit, maxBodyBytes } = this.#shell;
    metrics.inFlight(1);
    this.#response.once("close", this.#closed);
    try {
      const tenant = cellKeys().tenantOf(this.#request.headers.authorization);
      this.#trail.tenant = tenant;
      const proof = this.#request.headers[PRINCIPAL_HEADER];
      this.#trail.principal = principals.keyId(tenant, typeof proof === "string" ? proof : undefined) ?? null;
      this.#tenant = tenants.get(tenant);
      if (this.#tenant === undefined) throw new Refusal("tenancy/unknown");
      if (!JSON_TYPE.test(this.#request.headers["content-type"] ?? "")) throw new Refusal("request/wrong-content-type");
      if (!audit.healthy) throw new Refusal("audit/unavailable");
      this.#takeLoad(maxBodyBytes);
      readBody(this.#request, maxBodyBytes, this.#read);
    } catch (error) {
      this.#request.resume();
      this.#refuse(error);
    }
  }

  #takeLoad(maxBodyBytes: number): void {
    const declared = Number(this.#request.headers["content-length"]);
    const bytes = declared >= 0 ? Math.min(declared, maxBodyBytes) : maxBodyBytes;
    if (!this.#shell.load.take(bytes)) throw new Refusal("service/overloaded", undefined, { retryAfterSeconds: 1 });
    this.#loadBytes = bytes;
  }

  #read = (failure: BodyFailure | undefined, body: Buffer): void => {
    if (failure === "aborted" || this.#answer.ended || this.#tenant === undefined) return;
    try {
      if (failure === "too-large") throw new Refusal("request/too-large");
      this.#decide(this.#tenant, body);
    } catch (error) {
      this.#refuse(error);
    }
  };

  /** Everything that is decided before a provider is asked. @throws Refusal. */
  #decide(tenant: Tenant, body: Buffer): void {
    const { screen, keepsContent, retryBudget, timeouts } = this.#shell;
    const read = readChatRequest(body);
    const scopes = tenant.scopesOf(read.agent, this.#trail.principal);
    this.#trail.agent = read.agent;
    const { request, hits, action } = screenedRequest(screen, read);
    if (hits.length > 0) this.#screened(hits);
    if (action === "block") throw new Refusal("screening/blocked");
    if (keepsContent) this.#trail.requestText = JSON.stringify({ ...request.fields, messages: request.messages });
    const plan = planFor(tenant, { bodyBytes: body.length, inside: action === "route" });
    retryBudget.requested();
    this.#run = new Run({
      shell: this.#shell,
      response: this.#response,
      answer: this.#answer,
      trail: this.#trail,
      tenant,
      scopes,
      request,
      plan,
      maxTokens: Math.min(request.maxTokens ?? tenant.maxTokens, tenant.maxTokens),
      traceparent: this.#traceparent,
      deadlineMs: this.#trail.startedMs + timeouts.totalMs,
      refuse: this.#refuse,
    });
    this.#run.start();
  }

  #screened(hits: Parameters<Trail["screened"]>[0]): void {
    this.#trail.screened(hits);
    for (const { rule, action } of hits) this.#shell.metrics.screened(this.#tenant?.id ?? "none", rule, action);
  }

  #refuse = (error: unknown): void => {
    if (!(error instanceof BudgetRefusal)) {
      this.#answer.refuse(toRefusal(error));
      return;
    }
    const { code, resetsAt } = error;
    const untilReset = Math.ceil((Date.parse(resetsAt) - this.#shell.now().getTime()) / 1000);
    const details =
      code === "budget/exceeded"
        ? { resetsAt, retryAfterSeconds: Math.max(1, untilReset) }
        : { retryAfterSeconds: RETRY_BUDGET_SECONDS };
    this.#answer.refuse(new Refusal(code, undefined, { ...details, cause: error }));
  };

  /** The connection's end: of an answer that was sent, or the cell's that did not wait for one. */
  #closed = (): void => {
    this.#shell.metrics.inFlight(-1);
    this.#shell.load.give(this.#loadBytes);
    if (this.#answer.ended) return;
    this.#run?.abandon();
    this.#answer.gone();
  };
}
