import type { ErrorCode } from "../errors.ts";

/** How an attempt failed, as far as what to do next goes. */
export interface Failure {
  readonly code: ErrorCode;
  /** Whether the provider certainly did nothing, so that the attempt costs nothing. */
  readonly free: boolean;
  /** What the provider's status was, if it had one. */
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Statuses that say something about us or the provider; every other one below 500 is about the request. */
const ABOUT_US: ReadonlyMap<number, ErrorCode> = new Map([
  [401, "provider/refused-key"],
  [402, "provider/refused-key"],
  [403, "provider/refused-key"],
  [408, "provider/timeout"],
  [425, "provider/failed"],
  [429, "provider/rate-limited"],
]);

/**
 * Statuses of something that stands in front of a model server: it gave up waiting, the server may go on and bill
 * (502 and 504 by RFC 9110 15.6; 520 to 524 are Cloudflare's).
 */
const FROM_A_PROXY: ReadonlySet<number> = new Set([502, 504, 520, 521, 522, 523, 524]);

/**
 * What a status other than 2xx means. A provider that answers with an error instead of a reply has generated nothing and
 * bills nothing; an error from a proxy in front of it proves nothing, and counts as if all had been generated.
 */
export function failureOfStatus(status: number, retryAfter: string | undefined): Failure {
  const retryAfterSeconds = secondsOf(retryAfter);
  if (status >= 500) return { code: "provider/failed", free: !FROM_A_PROXY.has(status), status, retryAfterSeconds };
  // No redirect is followed: it leads to a place that nobody configured.
  if (status < 400) return { code: "provider/failed", free: true, status };
  return { code: ABOUT_US.get(status) ?? "provider/rejected-request", free: true, status, retryAfterSeconds };
}

/** What comes after a failed attempt. */
export type NextStep =
  | { readonly step: "repeat"; readonly afterMs: number }
  | { readonly step: "next" }
  | { readonly step: "answer" };

export interface Situation {
  readonly failure: Failure;
  /** Attempts with this provider so far, this one included. */
  readonly tries: number;
  readonly repeatsPerProvider: number;
  /** Whether the plan has another model after this one. */
  readonly hasNext: boolean;
  /** Whether this is the cheap model before the chain. */
  readonly cheap: boolean;
  readonly remainingMs: number;
  /** 0 to 1, so that those who failed together do not come back together. */
  readonly jitter: number;
  /** Takes a repeat from the retry budget; asked only when a repeat is wanted. */
  readonly takeRepeat: () => boolean;
}

const SHORT_WAIT_SECONDS = 2;
const FIRST_BACKOFF_MS = 50;

/**
 * Decides what comes after an attempt that failed before anything was passed on.
 *
 * A complaint about the request is the answer, except a cheap model's: the chain may take what it does not. A provider is
 * asked again only when it certainly did nothing, so that no answer is paid for twice where once would do.
 */
export function nextStep(situation: Situation): NextStep {
  const { failure, tries, repeatsPerProvider, hasNext, cheap, remainingMs } = situation;
  const onwards: NextStep = hasNext ? { step: "next" } : { step: "answer" };
  if (failure.code === "provider/rejected-request") return cheap ? onwards : { step: "answer" };
  if (remainingMs <= 0) return { step: "answer" };
  const afterMs = backoffMs(situation);
  const repeatable = afterMs !== undefined && afterMs < remainingMs && tries <= repeatsPerProvider;
  if (repeatable && situation.takeRepeat()) return { step: "repeat", afterMs };
  return onwards;
}

function backoffMs({ failure, tries, jitter }: Situation): number | undefined {
  const { code, free, retryAfterSeconds } = failure;
  const rateLimited = code === "provider/rate-limited";
  if (!free || !(rateLimited || code === "provider/unreachable" || code === "provider/failed")) return undefined;
  if (retryAfterSeconds !== undefined) {
    return retryAfterSeconds <= SHORT_WAIT_SECONDS ? retryAfterSeconds * 1000 : undefined;
  }
  if (rateLimited) return undefined;
  return FIRST_BACKOFF_MS * 2 ** (tries - 1) * (1 + jitter);
}

/** Retry-After in seconds (RFC 9110 10.2.3); its form as a date is not read, no model provider is known to send it. */
function secondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
