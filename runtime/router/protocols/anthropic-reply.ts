import type { Tokens } from "../../prices/index.ts";
import { isObject, type JsonObject } from "../chat/request.ts";
import type { WholeReply } from "./protocol.ts";

/** Why a reply ended, in OpenAI's words (platform.claude.com/docs/en/api/handling-stop-reasons, 2026-11-23). */
const FINISH_REASONS: ReadonlyMap<unknown, string> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["pause_turn", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
]);

export function finishReason(stopReason: unknown): string {
  return FINISH_REASONS.get(stopReason) ?? "stop";
}

/** A message as a chat completion; undefined when it is no message. Blocks other than text and tool use are left out. */
export function completionOf(message: unknown): WholeReply | undefined {
  if (!isObject(message) || message["type"] !== "message" || !Array.isArray(message["content"])) return undefined;
  const blocks = message["content"].filter(isObject);
  const text = blocks.map((block) => (block["type"] === "text" ? String(block["text"]) : "")).join("");
  const calls = blocks.filter(({ type }) => type === "tool_use").map(toolCall);
  const usage = anthropicUsage(message["usage"]);
  const said = { role: "assistant", content: text === "" && calls.length > 0 ? null : text };
  const completion: JsonObject = {
    id: message["id"],
    object: "chat.completion",
    created: 0,
    model: message["model"],
    choices: [
      {
        index: 0,
        message: calls.length > 0 ? { ...said, tool_calls: calls } : said,
        finish_reason: finishReason(message["stop_reason"]),
      },
    ],
    ...(usage === undefined ? {} : { usage: openAiFigures(usage) }),
  };
  return { completion, bytes: undefined, usage };
}

function toolCall({ id, name, input }: JsonObject): JsonObject {
  return { id, type: "function", function: { name, arguments: JSON.stringify(input ?? {}) } };
}

/** Anthropic counts input that it wrote to and read from its cache apart; OpenAI counts all of it as input. */
export function anthropicUsage(usage: unknown): Tokens | undefined {
  if (!isObject(usage)) return undefined;
  const { input_tokens: input, output_tokens: tokensOut } = usage;
  if (typeof input !== "number" || typeof tokensOut !== "number") return undefined;
  const written = numberOr0(usage["cache_creation_input_tokens"]);
  const cachedIn = numberOr0(usage["cache_read_input_tokens"]);
  return { tokensIn: input + written + cachedIn, cachedIn, tokensOut };
}

export function openAiFigures({ tokensIn, cachedIn, tokensOut }: Tokens): JsonObject {
  return {
    prompt_tokens: tokensIn,
    completion_tokens: tokensOut,
    total_tokens: tokensIn + tokensOut,
    prompt_tokens_details: { cached_tokens: cachedIn },
  };
}

function numberOr0(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
