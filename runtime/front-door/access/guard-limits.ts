import type { Allowance, Caller, Limiter } from "../../limits/index.ts";
import { type AnswerHeaders, type Refusal, refusal } from "../errors.ts";

/** Takes one request of the caller's limits. @throws Refusal `limits/rate`. */
export function takeRequest(limiter: Limiter, caller: Caller): void {
  const refused = limiter.take(caller);
  if (refused === undefined) return;
  const { level, perMinute, retryAfterMs } = refused;
  const got =
    perMinute < 1
      ? `a limit of the ${level} smaller than the number of replicas`
      : `more than ${perMinute} of the ${level}`;
  throw refusal("limits/rate", got, { headers: refusedHeaders(retryAfterMs, limiter.allowance(caller)) });
}

/** Counts a request as running until `limiter.leave`. @returns why it may not run. */
export function enterRequest(limiter: Limiter, caller: Caller): Refusal | undefined {
  const refused = limiter.enter(caller);
  if (refused === undefined) return undefined;
  const got = `${refused.concurrent} running requests of the ${refused.level}`;
  return refusal("limits/concurrency", got, { headers: refusedHeaders(0, limiter.allowance(caller)) });
}

/**
 * How far the caller is from its limit, in the headers and units of OpenAI's API
 * (https://platform.openai.com/docs/guides/rate-limits, read 2026-11-23). The figures are this replica's share.
 */
export function allowanceHeaders({ perMinute, remaining, resetMs }: Allowance): AnswerHeaders {
  return {
    "x-ratelimit-limit-requests": String(perMinute),
    "x-ratelimit-remaining-requests": String(remaining),
    "x-ratelimit-reset-requests": formatDuration(resetMs),
  };
}

function refusedHeaders(retryAfterMs: number, allowance: Allowance | undefined): AnswerHeaders {
  const retry = { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
  return allowance === undefined ? retry : { ...retry, ...allowanceHeaders(allowance) };
}

/** `20ms`, `1s`, `6m0s`: how OpenAI writes a duration. Rounded up. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
