import { ChatStreamScreen } from "../../screening/index.ts";
import { type AnswerHeaders, errorBody, type Refusal, refusal } from "../errors.ts";
import { wholeEvents, withoutUsage } from "./events.ts";
import { blockedBy } from "./screening.ts";
import type { ChatTurn } from "./turn.ts";

const DONE = "data: [DONE]\n\n";
const STREAM_TYPE = "text/event-stream; charset=utf-8";
const STREAM_HEADERS: AnswerHeaders = {
  "cache-control": "no-cache",
  // Asks proxies of nginx's kind not to collect the stream.
  "x-accel-buffering": "no",
};
/** How much of a stream is kept for an audit log with content. */
const MAX_KEPT_BYTES = 1_048_576;

/**
 * Passes a cell's events on as they come, screened, and ends the request once.
 *
 * The record is written at the end, because only then are tokens and outcome known, and before the final `[DONE]` leaves:
 * a client that saw `[DONE]` has a durable record. When the record cannot be written, or the cell fails in the middle,
 * the stream ends in an error event and without `[DONE]`, which OpenAI's SDKs raise as an error. That the log works at
 * all is checked before the cell is called. What the client has not taken yet is bounded: the cell is read no faster.
 */
export class ChatStream {
  readonly #turn: ChatTurn;
  readonly #screen: ChatStreamScreen;
  /** Token counts are always asked for; a caller who did not ask does not see them. */
  readonly #passesUsage: boolean;
  #failed = false;
  #kept: Buffer[] | undefined;
  #keptBytes = 0;

  constructor(turn: ChatTurn, passesUsage: boolean) {
    this.#turn = turn;
    this.#screen = new ChatStreamScreen(turn.deps.screen);
    this.#passesUsage = passesUsage;
    if (turn.deps.includeContent) this.#kept = [];
  }

  /** @returns false when the caller is slower than the cell: `turn.resume` is called when it has caught up. */
  take(chunk: Buffer): boolean {
    let bytes: Buffer | undefined;
    try {
      bytes = this.#screen.push(chunk);
    } catch (cause) {
      this.#turn.fail(refusal("screening/failed", "an error", { cause }));
      return true;
    }
    if (this.#screen.done) {
      this.finish(bytes);
      return true;
    }
    return this.#pass(bytes);
  }

  /** The cell's last event came, or its connection ended. */
  finish(last?: Buffer): void {
    let held: Buffer | undefined;
    try {
      held = this.#screen.end();
    } catch (cause) {
      this.#turn.fail(refusal("screening/failed", "an error", { cause }));
      return;
    }
    this.#pass(last);
    if (!this.#turn.ended) this.#pass(held && wholeEvents(held));
    if (this.#turn.ended) return;
    if (!this.#screen.done) {
      this.#turn.fail(refusal("cell/broken-reply", "a stream without an end"));
      return;
    }
    this.#turn.settle(this.#failed ? "cell/run-failed" : "ok", 200, (unrecorded) => {
      this.#begin();
      if (unrecorded === undefined) this.#turn.response.end(DONE);
      else this.endWith(unrecorded);
    });
  }

  /** Puts what is known of tokens, rules and content into the trail. */
  note(): void {
    const { trail, findings } = this.#turn;
    const { usage, hits } = this.#screen;
    trail.tokensIn = usage?.tokensIn ?? null;
    trail.tokensOut = usage?.tokensOut ?? null;
    findings.add(hits);
    if (trail.content !== null && this.#kept !== undefined) {
      trail.content = { ...trail.content, reply: Buffer.concat(this.#kept).toString("utf8") };
    }
  }

  /** The last event of a stream that failed after it had begun. */
  endWith(problem: Refusal): void {
    this.#turn.response.end(`data: ${JSON.stringify(errorBody(problem))}\n\n`);
  }

  /** Sends screened events on. What decides is looked at first: a rule that blocks, a run that failed. */
  #pass(bytes: Buffer | undefined): boolean {
    const { blocked, failed, usage } = this.#screen;
    if (blocked !== undefined) {
      this.#turn.fail(blockedBy(blocked));
      return true;
    }
    if (failed && !this.#failed) {
      this.#failed = true;
      const spent = this.#turn.spent;
      if (spent !== undefined) {
        this.#turn.fail(spent);
        return true;
      }
    }
    if (bytes === undefined) return true;
    const events = usage === undefined || this.#passesUsage ? bytes : withoutUsage(bytes);
    return events.length === 0 || this.#send(events);
  }

  #send(events: Buffer): boolean {
    this.#begin();
    if (this.#kept !== undefined && this.#keptBytes < MAX_KEPT_BYTES) {
      this.#kept.push(events);
      this.#keptBytes += events.length;
    }
    const { response } = this.#turn;
    if (response.write(events)) return true;
    response.once("drain", () => this.#turn.resume());
    return false;
  }

  /** The head goes with the first event: until then a failure can still be answered with its own status. */
  #begin(): void {
    const { response } = this.#turn;
    if (!response.headersSent) response.writeHead(200, this.#turn.head(STREAM_TYPE, STREAM_HEADERS));
  }
}
