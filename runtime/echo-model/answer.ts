import { z } from "zod";

/** What every answer of the stand-in starts with, so that nobody takes it for a model. */
export const LABEL = "echo model (stand-in):";

const MAX_TOOL_RESULT_CHARS = 6000;
const MAX_ECHO_CHARS = 2000;
/** Every turn OpenClaw appends a user message about its own state between such marks (seen 2026-11-23 on 2026.9.6). */
const INTERNAL_MARK = "BEGIN_OPENCLAW_INTERNAL";

const Message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish(),
});
type Message = z.output<typeof Message>;

/** The part of a chat completion request that the stand-in understands. */
export const EchoRequest = z.looseObject({
  model: z.string().default("echo"),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })).nullish(),
});
export type EchoRequest = z.output<typeof EchoRequest>;

/** A tool that the stand-in asks for. */
export interface ToolCall {
  readonly name: string;
  /** JSON text, as OpenAI sends it. */
  readonly arguments: string;
}

export type Answer =
  | { readonly text: string; readonly call?: never }
  | { readonly call: ToolCall; readonly text?: never };

/**
 * Answers by rule. A tool result is told back. A user message can ask for a tool: `RUN: <command>` for `exec`,
 * `CALLTOOL <name> <json>` for any, `REMEMBER: <fact>` for `memory_write`. Everything else is echoed.
 */
export function answer({ messages, tools }: EchoRequest): Answer {
  const spoken = messages.filter((message) => !isInternal(message));
  const last = spoken.at(-1);
  if (last?.role === "tool") return { text: `${LABEL} ${textOf(last).slice(0, MAX_TOOL_RESULT_CHARS)}` };
  const users = spoken.filter(({ role }) => role === "user");
  const said = bare(textOf(users.at(-1)));
  const call = last?.role === "user" ? callIn(said) : undefined;
  if (call === undefined) return { text: `${LABEL} ${said.slice(0, MAX_ECHO_CHARS)} [user messages: ${users.length}]` };
  const offered = (tools ?? []).some((tool) => tool.function?.name === call.name);
  if (!offered) return { text: `${LABEL} the tool "${call.name}" is not offered in this request` };
  return { call };
}

function callIn(said: string): ToolCall | undefined {
  const run = /(?:^|\s)RUN: ([^\n]+)/.exec(said)?.[1];
  if (run !== undefined) return { name: "exec", arguments: JSON.stringify({ command: run.trim() }) };
  const fact = /(?:^|\s)REMEMBER: ([^\n]+)/.exec(said)?.[1];
  if (fact !== undefined) return { name: "memory_write", arguments: JSON.stringify({ text: fact.trim() }) };
  const [, name, json] = /(?:^|\s)CALLTOOL ([\w.-]+) (\{.*\})/s.exec(said) ?? [];
  return name === undefined || json === undefined ? undefined : { name, arguments: json };
}

function isInternal(message: Message): boolean {
  return message.role === "user" && textOf(message).includes(INTERNAL_MARK);
}

function textOf(message: Message | undefined): string {
  const content = message?.content ?? "";
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("");
}

/** What the person wrote, without the time that OpenClaw puts before and the runtime note that it puts after. */
function bare(text: string): string {
  return (text.split("\n\nRuntime:")[0] ?? "")
    .replace(/^(?:\[[A-Z][a-z]{2} \d{4}-\d{2}-\d{2}[^\]\n]*\]\s*)+/, "")
    .trim();
}

/** OpenAI's usage figures; here a token is four characters. */
export function usageOf(request: EchoRequest, reply: Answer): Record<string, number> {
  const prompt_tokens = Math.ceil(request.messages.reduce((sum, message) => sum + textOf(message).length, 0) / 4);
  const completion_tokens = Math.ceil((reply.text ?? reply.call.arguments).length / 4);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
