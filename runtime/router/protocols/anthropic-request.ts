import { jsonOrUndefined } from "../../json/index.ts";
import { type ChatRequest, isObject, type JsonObject } from "../chat/request.ts";
import { Refusal } from "../errors.ts";
import type { Outgoing } from "./protocol.ts";

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: JsonObject[];
}

/**
 * A chat completion request as a messages request. System messages become the system prompt, tool results blocks of the
 * next user turn, tool calls `tool_use` blocks. Settings of sampling that Anthropic does not have (seed, penalties, logit
 * bias, log probabilities) are left out; a response format is refused, because an answer without it would be wrong.
 * @throws Refusal `request/unsupported-content`.
 */
export function messagesBody(request: ChatRequest, { model, maxTokens }: Outgoing): JsonObject {
  const { fields, messages, stream } = request;
  const format = fields["response_format"];
  if (isObject(format) && format["type"] !== "text") unsupported("response_format");
  const system = messages.filter(isSystem).flatMap(({ content }) => texts(content));
  const tools = [...listOf(fields["tools"]).map(describedTool), ...listOf(fields["functions"]).map(toolOf)];
  return {
    model,
    max_tokens: maxTokens,
    messages: turnsOf(messages.filter((message) => !isSystem(message))),
    ...(system.length > 0 ? { system: system.join("\n\n") } : {}),
    ...(tools.length > 0 ? { tools, ...toolChoice(fields) } : {}),
    ...sampling(fields),
    ...(stream ? { stream: true } : {}),
  };
}

function isSystem({ role }: JsonObject): boolean {
  return role === "system" || role === "developer";
}

/** Turns of one speaker in a row become one, as Anthropic asks for: results of parallel tool calls belong together. */
function turnsOf(messages: readonly JsonObject[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message["role"] === "assistant" ? "assistant" : "user";
    const blocks = blocksOf(message);
    if (blocks.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  }
  return turns;
}

function blocksOf(message: JsonObject): JsonObject[] {
  const { role, content, tool_calls: calls, tool_call_id: id } = message;
  if (role === "function" || message["function_call"] != null) return unsupported("function messages");
  const blocks = texts(content).map((text) => ({ type: "text", text }));
  if (role === "tool") {
    if (typeof id !== "string") unsupported("a tool result without tool_call_id");
    return [{ type: "tool_result", tool_use_id: id, ...(blocks.length > 0 ? { content: blocks } : {}) }];
  }
  return [...blocks, ...listOf(calls).map(toolUse)];
}

/** Anthropic refuses empty blocks. */
function texts(content: unknown): string[] {
  const parts = typeof content === "string" ? [content] : listOf(content).map((part) => textOf(part));
  return parts.filter((text) => text !== "");
}

function textOf(part: unknown): string {
  const text = isObject(part) ? (part["text"] ?? part["refusal"]) : undefined;
  return typeof text === "string" ? text : "";
}

function toolUse(call: unknown): JsonObject {
  const { id, function: called } = isObject(call) ? call : ({} as JsonObject);
  if (!isObject(called)) return unsupported("tool calls without a function");
  const input = jsonOrUndefined(String(called["arguments"]));
  // A model can write arguments that are no JSON object; it is told what it wrote.
  return {
    type: "tool_use",
    id,
    name: called["name"],
    input: isObject(input) ? input : { arguments: called["arguments"] },
  };
}

function describedTool(tool: unknown): JsonObject {
  if (!isObject(tool) || tool["type"] !== "function") return unsupported("tools that are no functions");
  return toolOf(tool["function"]);
}

function toolOf(described: unknown): JsonObject {
  if (!isObject(described) || typeof described["name"] !== "string") return unsupported("tools without a name");
  const { name, description, parameters } = described;
  return {
    name,
    ...(typeof description === "string" ? { description } : {}),
    input_schema: isObject(parameters) ? parameters : { type: "object" },
  };
}

function toolChoice({ tool_choice: choice, parallel_tool_calls: parallel }: JsonObject): JsonObject {
  const alone = parallel === false ? { disable_parallel_tool_use: true } : {};
  if (choice === "none") return { tool_choice: { type: "none" } };
  if (choice === "required") return { tool_choice: { type: "any", ...alone } };
  const named = isObject(choice) && isObject(choice["function"]) ? choice["function"]["name"] : undefined;
  if (typeof named === "string") return { tool_choice: { type: "tool", name: named, ...alone } };
  return parallel === false ? { tool_choice: { type: "auto", ...alone } } : {};
}

/** Newer models take a temperature or `top_p`, not both; Anthropic's temperature ends at 1, OpenAI's at 2. */
function sampling({ temperature, top_p, top_k, stop }: JsonObject): JsonObject {
  return {
    ...(typeof temperature === "number" ? { temperature: Math.min(temperature, 1) } : {}),
    ...(typeof top_p === "number" && typeof temperature !== "number" ? { top_p } : {}),
    ...(typeof top_k === "number" ? { top_k } : {}),
    ...(stop == null ? {} : { stop_sequences: typeof stop === "string" ? [stop] : stop }),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function unsupported(what: string): never {
  throw new Refusal("request/unsupported-content", `this model's protocol does not know ${what}`);
}
