import { jsonOrUndefined } from "../../json/index.ts";
import type { Tokens } from "../../prices/index.ts";
import type { ProviderKind } from "../../settings/services.ts";
import { type ChatRequest, isObject, type JsonObject } from "../chat/request.ts";
import type { ProviderComplaint } from "../errors.ts";
import type { Outgoing, Protocol, WholeReply } from "./protocol.ts";

/** Where a server differs from OpenAI's own. */
export interface Dialect {
  /** The field that limits the tokens. A server that does not know a field ignores it, and with it the limit. */
  readonly tokenField: "max_tokens" | "max_completion_tokens";
  /** Whether the last event of a stream brings the usage when `stream_options` asks; else it comes by itself. */
  readonly streamOptions: boolean;
  /** Whether it knows the role `developer`; where it does not, that is `system`. */
  readonly developerRole: boolean;
  /** Whether it bills reasoning tokens of which nothing is sent. */
  readonly hidesReasoning: boolean;
}

const LIKE_VLLM: Dialect = {
  tokenField: "max_tokens",
  streamOptions: true,
  developerRole: false,
  hidesReasoning: false,
};

/**
 * The servers that speak OpenAI's chat completions. Written from the providers' own pages and their clients on npm
 * (read 2026-11-23): api.openai.com rejects `max_tokens` for its reasoning models; docs.vllm.ai and NIM, which is
 * vLLM inside, take `max_tokens` and send reasoning as `reasoning_content`, as DeepSeek, Qwen and ERNIE do; Hunyuan sends the usage
 * with every event and documents no `stream_options`. Of a server that is only said to be compatible the least is
 * expected: the older token field, and reasoning that may not be shown. Not tried against the services themselves.
 */
export const DIALECTS: Readonly<Record<Exclude<ProviderKind, "anthropic">, Dialect>> = {
  openai: {
    tokenField: "max_completion_tokens",
    streamOptions: true,
    developerRole: true,
    hidesReasoning: true,
  },
  "openai-compatible": { ...LIKE_VLLM, hidesReasoning: true },
  nim: LIKE_VLLM,
  vllm: LIKE_VLLM,
  qwen: LIKE_VLLM,
  ernie: LIKE_VLLM,
  deepseek: LIKE_VLLM,
  hunyuan: { ...LIKE_VLLM, streamOptions: false },
  echo: { ...LIKE_VLLM, tokenField: "max_completion_tokens", developerRole: true },
};

const INCLUDE_USAGE = { include_usage: true } as const;
const MAX_COMPLAINT_CHARS = 2000;

/** Speaks OpenAI's chat completions in a dialect. */
export function openAiProtocol(dialect: Dialect): Protocol {
  return {
    path: "/chat/completions",
    hidesReasoning: dialect.hidesReasoning,
    headers: (key) => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
    encode: (request, outgoing) => encode(request, outgoing, dialect),
    decode,
    translation: () => undefined,
    complaint: openAiComplaint,
  };
}

function encode(request: ChatRequest, { model, maxTokens }: Outgoing, dialect: Dialect): string {
  const { fields, messages, stream } = request;
  const body: JsonObject = { ...fields, model, messages };
  body[dialect.tokenField] = maxTokens;
  if (stream && dialect.streamOptions) body["stream_options"] = INCLUDE_USAGE;
  if (!dialect.developerRole && messages.some(({ role }) => role === "developer")) {
    body["messages"] = messages.map((message) =>
      message["role"] === "developer" ? { ...message, role: "system" } : message,
    );
  }
  return JSON.stringify(body);
}

function decode(body: Buffer): WholeReply | undefined {
  const completion = jsonOrUndefined(body.toString("utf8"));
  if (!isObject(completion)) return undefined;
  const choices = completion["choices"];
  if (!Array.isArray(choices) || choices.length === 0) return undefined;
  for (const choice of choices) if (!isObject(choice) || !isObject(choice["message"])) return undefined;
  return { completion, bytes: body, usage: openAiUsage(completion["usage"]) };
}

/** OpenAI's usage figures, DeepSeek's name for cached input included. Plausibility is the caller's to judge. */
export function openAiUsage(usage: unknown): Tokens | undefined {
  if (!isObject(usage)) return undefined;
  const { prompt_tokens: tokensIn, completion_tokens: tokensOut, prompt_tokens_details: details } = usage;
  if (typeof tokensIn !== "number" || typeof tokensOut !== "number") return undefined;
  const cached = isObject(details) ? details["cached_tokens"] : usage["prompt_cache_hit_tokens"];
  return { tokensIn, tokensOut, cachedIn: typeof cached === "number" ? cached : 0 };
}

/** The readable part of `{error: {message, type, code, param}}`. */
export function openAiComplaint(body: Buffer): ProviderComplaint | undefined {
  const value = jsonOrUndefined(body.toString("utf8"));
  const error = isObject(value) ? (isObject(value["error"]) ? value["error"] : value) : undefined;
  const message = text(error?.["message"]);
  if (error === undefined || message === null) return undefined;
  return { message, type: text(error["type"]), code: text(error["code"]), param: text(error["param"]) };
}

function text(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.slice(0, MAX_COMPLAINT_CHARS) : null;
}
