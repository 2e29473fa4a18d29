import { jsonOrUndefined } from "../../json/index.ts";
import { isObject, type JsonObject } from "./request.ts";

/**
 * Whether a cheap model's answer is no use, so that the request goes on to the chain: it was cut at the token cap, it was
 * filtered or refused, or it says nothing at all.
 */
export function isUseless(completion: JsonObject): boolean {
  const choice = firstChoice(completion);
  if (choice === undefined) return true;
  const { finish_reason: reason, message } = choice;
  if (reason === "length" || reason === "content_filter" || !isObject(message)) return true;
  if (typeof message["refusal"] === "string" && message["refusal"] !== "") return true;
  return !message["content"] && !hasCalls(message);
}

/** Whether an answer may be given again: it ended by itself and calls no tool. */
export function isRepeatable(completion: JsonObject): boolean {
  const choice = firstChoice(completion);
  if (choice === undefined || choice["finish_reason"] !== "stop") return false;
  return isObject(choice["message"]) && !hasCalls(choice["message"]);
}

/** A completion as the events of a stream. */
export function asEvents(completion: JsonObject, includeUsage: boolean): string {
  const { id, created, model, usage } = completion;
  const choice = firstChoice(completion);
  const message = isObject(choice?.["message"]) ? choice["message"] : {};
  const head = { id, object: "chat.completion.chunk", created, model };
  const chunk = (delta: JsonObject, finish_reason: unknown): string =>
    event({ ...head, choices: [{ index: 0, delta, finish_reason }] });
  const said = chunk({ role: "assistant", content: message["content"] ?? "" }, null);
  const end = chunk({}, choice?.["finish_reason"] ?? "stop");
  const figures = includeUsage && usage !== undefined ? event({ ...head, choices: [], usage }) : "";
  return `${said}${end}${figures}data: [DONE]\n\n`;
}

/** The completion that a whole stream amounts to; undefined when it holds more than text of one choice. */
export function fromEvents(events: string): JsonObject | undefined {
  let head: JsonObject | undefined;
  let content = "";
  let reason: unknown;
  let usage: unknown;
  for (const line of events.split("\n")) {
    const chunk = line.startsWith("data: {") ? jsonOrUndefined(line.slice("data: ".length)) : undefined;
    if (!isObject(chunk)) continue;
    head ??= { id: chunk["id"], object: "chat.completion", created: chunk["created"], model: chunk["model"] };
    if (isObject(chunk["usage"])) usage = chunk["usage"];
    const choice = firstChoice(chunk);
    if (choice === undefined) continue;
    const delta = isObject(choice["delta"]) ? choice["delta"] : {};
    const { content: piece, tool_calls, function_call, reasoning_content, refusal } = delta;
    if (tool_calls ?? function_call ?? reasoning_content ?? refusal) return undefined;
    if (typeof piece === "string") content += piece;
    reason = choice["finish_reason"] ?? reason;
  }
  if (head === undefined) return undefined;
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: reason }];
  return { ...head, choices, ...(usage === undefined ? {} : { usage }) };
}

/** One event of a stream. */
export function event(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function firstChoice({ choices }: JsonObject): JsonObject | undefined {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isObject(first) ? first : undefined;
}

function hasCalls({ tool_calls: calls, function_call: call }: JsonObject): boolean {
  return (Array.isArray(calls) && calls.length > 0) || call != null;
}
