import type { Reservation } from "../../budget/index.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { WholeReply } from "../protocols/protocol.ts";
import type { Attempt } from "./attempt.ts";
import type { Candidate } from "./candidate.ts";
import type { Failure } from "./failover.ts";

/** Who an attempt tells how it goes. One of the ends comes, once; pieces come before it. */
export interface AttemptOwner {
  /** A piece of a stream that may leave. @returns false to pause the provider. */
  onPiece(bytes: Buffer): boolean;
  onWhole(attempt: Attempt, reply: WholeReply): void;
  /** The stream came whole. `rest` is what was held back until now: all of it, where the model said nothing. */
  onStreamed(attempt: Attempt, rest: Buffer | undefined): void;
  /** `body` is what the provider said, when it refused. */
  onFailed(attempt: Attempt, failure: Failure, body: Buffer): void;
  /** We end it: a budget, a rule, an error of ours. */
  onRefused(attempt: Attempt, error: unknown): void;
}

/** One call: what for and within which limits. */
export interface AttemptOptions {
  readonly candidate: Candidate;
  readonly request: ChatRequest;
  readonly maxTokens: number;
  readonly traceparent: string;
  /** On the shell's monotonic clock: when the cell's time is up. */
  readonly deadlineMs: number;
  readonly allowUnpriced: boolean;
  readonly reserve: (amountMicroUsd: number) => Reservation | Promise<Reservation>;
}
