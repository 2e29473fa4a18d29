import { randomInt } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { BudgetScope } from "../../budget/index.ts";
import { ReplyKeeper } from "../cache/reply-keeper.ts";
import type { Answer } from "../chat/answer.ts";
import { asEvents, isUseless } from "../chat/completion.ts";
import type { ChatRequest } from "../chat/request.ts";
import { screenedComplaint, screenedReply } from "../chat/screening.ts";
import { Refusal } from "../errors.ts";
import { Accounts } from "../money/accounts.ts";
import type { WholeReply } from "../protocols/protocol.ts";
import { mayGoTo } from "../providers/residency.ts";
import type { Shell } from "../shell.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { Trail } from "../trail.ts";
import { Attempt } from "./attempt.ts";
import type { AttemptOwner } from "./attempt-owner.ts";
import type { Candidate } from "./candidate.ts";
import { type Failure, nextStep } from "./failover.ts";

/** A request that may be served, and where to. */
export interface RunOptions {
  readonly shell: Shell;
  readonly response: ServerResponse;
  readonly answer: Answer;
  readonly trail: Trail;
  readonly tenant: Tenant;
  readonly scopes: readonly BudgetScope[];
  /** After screening. */
  readonly request: ChatRequest;
  readonly plan: readonly Candidate[];
  readonly maxTokens: number;
  readonly traceparent: string;
  readonly deadlineMs: number;
  readonly refuse: (error: unknown) => void;
}

const JITTER_STEPS = 1000;

/** Tries the models of a plan one after the other until one has answered, and counts what all of them cost. */
export class Run implements AttemptOwner {
  readonly #options: RunOptions;
  #place = -1;
  #tries = 0;
  #attempt: Attempt | undefined;
  #pause: NodeJS.Timeout | undefined;
  #lastFailure: Refusal | undefined;
  readonly #accounts: Accounts;
  readonly #keeper: ReplyKeeper;

  constructor(options: RunOptions) {
    const { shell, trail, tenant, request, maxTokens } = options;
    this.#options = options;
    this.#accounts = new Accounts({ shell, trail, tenant, agent: request.agent });
    this.#keeper = new ReplyKeeper({ tenant, trail, request, maxTokens, keepsContent: shell.keepsContent });
  }

  start(): void {
    if (!this.#answeredFromCache()) this.#next();
  }

  /** The cell is gone. */
  abandon(): void {
    clearTimeout(this.#pause);
    const attempt = this.#attempt;
    attempt?.abandon();
    if (attempt !== undefined) this.#charge(attempt);
  }

  onPiece(bytes: Buffer): boolean {
    this.#keeper.piece(bytes);
    if (this.#options.answer.piece(bytes)) return true;
    this.#options.response.once("drain", this.#drained);
    return false;
  }

  onWhole(attempt: Attempt, { completion, bytes }: WholeReply): void {
    const { shell, answer, refuse } = this.#options;
    this.#charge(attempt);
    try {
      if (this.#escalates && isUseless(completion)) {
        this.#next();
        return;
      }
      const { hits, blocked, changed, reply } = screenedReply(shell.screen, completion);
      if (hits.length > 0) this.#accounts.screened(hits);
      if (blocked) throw new Refusal("screening/blocked-reply");
      const text = changed || bytes === undefined ? Buffer.from(JSON.stringify(reply)) : bytes;
      this.#keeper.whole(completion, text);
      answer.whole(text);
    } catch (error) {
      refuse(error);
    }
  }

  onStreamed(attempt: Attempt, rest: Buffer | undefined): void {
    const { answer } = this.#options;
    this.#charge(attempt);
    if (this.#escalates && attempt.reader?.says === false) {
      this.#next();
      return;
    }
    if (rest !== undefined) {
      this.#keeper.piece(rest);
      answer.piece(rest);
    }
    this.#keeper.streamed();
    answer.complete();
  }

  onFailed(attempt: Attempt, failure: Failure, body: Buffer): void {
    const { shell, answer, trail, deadlineMs, refuse } = this.#options;
    this.#charge(attempt);
    const { name } = attempt.candidate.provider;
    const { code, status } = failure;
    shell.log.warn(
      { code, status, provider: name, tenant: trail.tenant, trace_id: trail.traceId },
      "a provider failed",
    );
    this.#lastFailure = this.#refusalOf(attempt, failure, body);
    // What was passed on cannot be taken back, and no other provider would say the same.
    if (answer.streaming) {
      refuse(this.#lastFailure);
      return;
    }
    const next = nextStep({
      failure,
      tries: this.#tries,
      repeatsPerProvider: shell.repeatsPerProvider,
      hasNext: this.#hasNext,
      cheap: this.#isCheap,
      remainingMs: deadlineMs - shell.nowMs(),
      jitter: randomInt(JITTER_STEPS) / JITTER_STEPS,
      takeRepeat: () => shell.retryBudget.take(),
    });
    if (next.step === "next") this.#next();
    else if (next.step === "answer") refuse(this.#lastFailure);
    else this.#pause = setTimeout(this.#repeat, next.afterMs);
  }

  onRefused(attempt: Attempt, error: unknown): void {
    this.#charge(attempt);
    this.#options.refuse(error);
  }

  #repeat = (): void => {
    const candidate = this.#options.plan[this.#place];
    if (candidate === undefined || !this.#try(candidate)) this.#next();
  };

  #drained = (): void => this.#attempt?.resume();

  get #hasNext(): boolean {
    return this.#place + 1 < this.#options.plan.length;
  }

  get #isCheap(): boolean {
    return this.#place === 0 && this.#options.plan === this.#options.tenant.cheapFirst;
  }

  /** Whether a useless answer goes on to the chain: the cheap model's does, as long as nothing was passed on. */
  get #escalates(): boolean {
    return this.#isCheap && this.#hasNext && !this.#options.answer.streaming;
  }

  /** Goes on to the next model of the plan whose provider takes requests. */
  #next(): void {
    const { plan, refuse } = this.#options;
    this.#tries = 0;
    for (this.#place += 1; this.#place < plan.length; this.#place += 1) {
      const candidate = plan[this.#place];
      if (candidate !== undefined && this.#try(candidate)) return;
    }
    refuse(this.#lastFailure ?? this.#allOpen());
  }

  /** @returns false when the provider is left alone for now. */
  #try(candidate: Candidate): boolean {
    const { shell, answer, tenant, request, scopes, refuse } = this.#options;
    if (answer.ended) return true;
    // Decided at start as well: here nothing that was worked out there is believed.
    if (!mayGoTo(tenant.residency, candidate.provider.place)) {
      refuse(new Refusal("residency/forbidden"));
      return true;
    }
    if (!candidate.provider.breaker.enter()) return false;
    this.#tries += 1;
    this.#named(candidate);
    this.#keeper.begin(candidate);
    this.#attempt = new Attempt(this, shell, {
      candidate,
      request,
      maxTokens: this.#options.maxTokens,
      traceparent: this.#options.traceparent,
      deadlineMs: this.#options.deadlineMs,
      allowUnpriced: tenant.allowUnpriced,
      reserve: (amount) => shell.budget.reserve(scopes, amount),
    });
    this.#attempt.begin();
    return true;
  }

  #allOpen(): Refusal {
    const waits = this.#options.plan.map(({ provider }) => provider.breaker.waitMs());
    const retryAfterSeconds = Math.max(1, Math.ceil(Math.min(...waits) / 1000));
    return new Refusal("provider/unavailable", undefined, { retryAfterSeconds });
  }

  #refusalOf({ candidate }: Attempt, { code, status, retryAfterSeconds }: Failure, body: Buffer): Refusal {
    const after = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    if (code !== "provider/rejected-request" || status === undefined) return new Refusal(code, undefined, after);
    const complaint = candidate.provider.protocol.complaint(body);
    const said = complaint === undefined ? undefined : screenedComplaint(this.#options.shell.screen, complaint);
    return new Refusal(code, undefined, { ...after, status, ...(said === undefined ? {} : { said }) });
  }

  #answeredFromCache(): boolean {
    const { plan, answer, request } = this.#options;
    const [first] = plan;
    const kept = first === undefined ? undefined : this.#keeper.kept(first);
    if (kept === undefined || first === undefined) return false;
    this.#named(first);
    this.#accounts.answeredFromCache(first);
    if (request.stream) answer.events(asEvents(JSON.parse(kept.toString("utf8")), request.wantsUsage));
    else answer.whole(kept);
    return true;
  }

  #named({ provider, model }: Candidate): void {
    this.#options.trail.provider = provider.name;
    this.#options.trail.model = model;
  }

  /** Counts an attempt that is over: whatever comes later, the cell's going away included, counts it no second time. */
  #charge(attempt: Attempt): void {
    this.#attempt = undefined;
    this.#accounts.attempted(attempt);
  }
}
