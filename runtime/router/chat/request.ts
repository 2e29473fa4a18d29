import { isUtf8 } from "node:buffer";
import { DEFAULT_AGENT } from "../../settings/services.ts";
import { Refusal } from "../errors.ts";
import { MESSAGE_FIELDS, PASSED_FIELDS, REFUSED_FIELDS, ROLES } from "./fields.ts";

/** The model that a cell asks for when its default agent speaks. */
export const TENANT_MODEL = "tenant-default";
const AGENT_MODEL = /^agent-([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)$/;

/** The most tools of one request; OpenAI takes 128. */
const MAX_TOOLS = 1024;

export type JsonObject = Record<string, unknown>;

/** A cell's request after its shape was checked. */
export interface ChatRequest {
  /** Only fields that are passed on as they are: {@link PASSED_FIELDS}. */
  readonly fields: JsonObject;
  readonly messages: readonly JsonObject[];
  /** Id of the agent that speaks. */
  readonly agent: string;
  readonly stream: boolean;
  /** Whether the cell asked for a last event with the usage. */
  readonly wantsUsage: boolean;
  /** Number of tools and functions that are described. */
  readonly tools: number;
  /** What the cell asked for at most; undefined: no limit of its own. */
  readonly maxTokens: number | undefined;
}

/**
 * Reads a body. By hand and not with a schema, because every request comes through here: a few comparisons instead of
 * a walk through all of it.
 *
 * Names of properties are never used to write into an object that existed before, so `__proto__` and `constructor`, which
 * a tool may well describe, are names like any other.
 * @throws Refusal `request/invalid-utf-8`, `request/invalid-json`, `request/invalid-body`, `request/unsupported-content`,
 *   `model/unknown`.
 */
export function readChatRequest(bytes: Buffer): ChatRequest {
  const body = parseObject(bytes);
  const fields: JsonObject = {};
  for (const name of Object.keys(body)) {
    if (PASSED_FIELDS.has(name)) fields[name] = body[name];
    else if (REFUSED_FIELDS.has(name) && body[name] != null && body[name] !== false) invalid(name, "nothing");
  }
  const { messages, model, stream, stream_options: streamOptions, n, modalities } = body;
  if (n != null && n !== 1) invalid("n", "1: more choices would multiply the tokens past the cap");
  if (modalities != null && !isOnlyText(modalities)) throw new Refusal("request/unsupported-content");
  if (typeof model !== "string") invalid("model", "a string");
  if (stream != null && typeof stream !== "boolean") invalid("stream", "true or false");
  if (streamOptions != null && !isObject(streamOptions)) invalid("stream_options", "an object");
  if (!Array.isArray(messages) || messages.length === 0) invalid("messages", "a list of at least one");
  for (let index = 0; index < messages.length; index += 1) messages[index] = checkedMessage(messages[index], index);
  return {
    fields,
    messages,
    agent: agentOf(model),
    stream: stream === true,
    wantsUsage: isObject(streamOptions) && streamOptions["include_usage"] === true,
    tools: toolsIn(body["tools"], "tools") + toolsIn(body["functions"], "functions"),
    maxTokens: least(tokenLimit(body, "max_tokens"), tokenLimit(body, "max_completion_tokens")),
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseObject(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw new Refusal("request/invalid-utf-8");
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    // The engine's message quotes the text: it goes nowhere.
    throw new Refusal("request/invalid-json", undefined, cause instanceof SyntaxError ? {} : { cause });
  }
  if (!isObject(value)) throw new Refusal("request/invalid-json");
  return value;
}

function checkedMessage(message: unknown, index: number): JsonObject {
  if (!isObject(message)) return invalid(`messages[${index}]`, "an object");
  const { role, content, tool_calls: calls } = message;
  if (typeof role !== "string" || !ROLES.has(role))
    invalid(`messages[${index}].role`, `one of ${[...ROLES].join(", ")}`);
  if (content != null && typeof content !== "string") checkParts(content, index);
  if (calls != null) checkCalls(calls, index);
  let unknown = false;
  for (const name in message) if (!MESSAGE_FIELDS.has(name)) unknown = true;
  if (!unknown) return message;
  return Object.fromEntries(Object.entries(message).filter(([name]) => MESSAGE_FIELDS.has(name)));
}

/** Only text has a bounded number of tokens: those of an image, a file or a sound are not in its bytes. */
function checkParts(content: unknown, index: number): void {
  if (!Array.isArray(content)) invalid(`messages[${index}].content`, "a string or a list of parts");
  for (const part of content as readonly unknown[]) {
    if (!isObject(part)) invalid(`messages[${index}].content`, "parts that are objects");
    const text = part["type"] === "text" ? part["text"] : part["type"] === "refusal" ? part["refusal"] : undefined;
    if (typeof text !== "string") throw new Refusal("request/unsupported-content");
  }
}

function checkCalls(calls: unknown, index: number): void {
  const expected = "tool calls of functions, with a name and arguments as text";
  if (!Array.isArray(calls)) invalid(`messages[${index}].tool_calls`, expected);
  for (const call of calls as readonly unknown[]) {
    const called = isObject(call) ? call["function"] : undefined;
    const complete = isObject(called) && typeof called["name"] === "string" && typeof called["arguments"] === "string";
    if (!complete) invalid(`messages[${index}].tool_calls`, expected);
  }
}

function agentOf(model: string): string {
  if (model === TENANT_MODEL) return DEFAULT_AGENT;
  const agent = AGENT_MODEL.exec(model)?.[1];
  if (agent === undefined) throw new Refusal("model/unknown");
  return agent;
}

function toolsIn(tools: unknown, name: string): number {
  if (tools == null) return 0;
  if (!Array.isArray(tools) || tools.length > MAX_TOOLS) return invalid(name, `a list of at most ${MAX_TOOLS}`);
  return tools.length;
}

function tokenLimit(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value == null) return undefined;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  return invalid(name, "a whole number above 0");
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}

function isOnlyText(modalities: unknown): boolean {
  return Array.isArray(modalities) && modalities.every((modality) => modality === "text");
}

function invalid(path: string, expected: string): never {
  throw new Refusal("request/invalid-body", `${path}: expected ${expected}`);
}
