import { jsonOrUndefined } from "../../json/index.ts";
import { isObject } from "../chat/request.ts";
import type { ProviderComplaint } from "../errors.ts";
import { completionOf } from "./anthropic-reply.ts";
import { messagesBody } from "./anthropic-request.ts";
import { AnthropicStream } from "./anthropic-stream.ts";
import type { Protocol } from "./protocol.ts";

/** The version of the protocol that is written here (platform.claude.com/docs/en/api/versioning, 2026-11-23). */
const VERSION = "2023-06-01";

/**
 * Speaks Anthropic's messages (platform.claude.com/docs/en/api/messages, 2026-11-23). Extended thinking is never asked
 * for, so no tokens are billed that are not seen, nor are cache writes, which cost more than input. Not tried against the
 * service itself.
 */
export const ANTHROPIC: Protocol = {
  path: "/messages",
  hidesReasoning: false,
  headers: (key) => ({ "anthropic-version": VERSION, ...(key === undefined ? {} : { "x-api-key": key }) }),
  encode: (request, outgoing) => JSON.stringify(messagesBody(request, outgoing)),
  decode: (body) => completionOf(jsonOrUndefined(body.toString("utf8"))),
  translation: () => new AnthropicStream(),
  complaint: (body) => complaintOf(jsonOrUndefined(body.toString("utf8"))),
};

const MAX_COMPLAINT_CHARS = 2000;

/** `{type: "error", error: {type, message}}`. OpenClaw knows OpenAI's code for a conversation that is too long, and shortens it. */
function complaintOf(value: unknown): ProviderComplaint | undefined {
  const error = isObject(value) ? value["error"] : undefined;
  if (!isObject(error) || typeof error["message"] !== "string") return undefined;
  const message = error["message"].slice(0, MAX_COMPLAINT_CHARS);
  const type = typeof error["type"] === "string" ? error["type"].slice(0, MAX_COMPLAINT_CHARS) : null;
  const code = message.startsWith("prompt is too long") ? "context_length_exceeded" : type;
  return { message, type, code, param: null };
}
