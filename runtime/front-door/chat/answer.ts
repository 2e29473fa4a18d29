import type { ServerResponse } from "node:http";
import type { Allowance } from "../../limits/index.ts";
import type { Trace } from "../../service/trace.ts";
import { allowanceHeaders } from "../access/guard-limits.ts";
import type { AnswerHeaders } from "../errors.ts";

export const JSON_ANSWER = "application/json; charset=utf-8";
/** A refusal says by itself how far its caller is from the limit. */
const LIMIT_HEADER = "x-ratelimit-limit-requests";

/** What every answer says about its request. */
export interface AnswerFacts {
  readonly trace: Trace;
  readonly conversation: string | undefined;
  readonly allowance: Allowance | undefined;
}

/**
 * The headers of an answer, names and values in turn: Node takes 8 us less to write them than those of an object
 * (measured 2026-11-24).
 */
export function answerHead(
  contentType: string,
  { trace, conversation, allowance }: AnswerFacts,
  more: AnswerHeaders | undefined,
): string[] {
  const head = ["content-type", contentType, "x-trace-id", trace.traceId];
  if (conversation !== undefined) head.push("x-conversation-id", conversation);
  if (allowance !== undefined && more?.[LIMIT_HEADER] === undefined) pushAll(head, allowanceHeaders(allowance));
  if (more !== undefined) pushAll(head, more);
  return head;
}

function pushAll(head: string[], headers: AnswerHeaders): void {
  for (const name of Object.keys(headers)) head.push(name, headers[name] as string);
}

/** Sends one whole answer. Does nothing when the answer has begun or its client is gone. @param head is added to */
export function sendText(response: ServerResponse, status: number, head: string[], text: string): void {
  if (response.headersSent || response.destroyed) return;
  head.push("content-length", String(Buffer.byteLength(text)));
  response.writeHead(status, head);
  response.end(text);
}
