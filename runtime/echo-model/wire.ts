import { type Answer, type EchoRequest, usageOf } from "./answer.ts";

/** What differs from reply to reply. */
export interface ReplyIdentity {
  readonly id: string;
  readonly callId: string;
  readonly createdSeconds: number;
}

const CHUNK_CHARS = 24;

/** An answer as one OpenAI `chat.completion`. */
export function completion(request: EchoRequest, answer: Answer, identity: ReplyIdentity): Record<string, unknown> {
  const message = { role: "assistant", content: answer.text ?? null, ...toolCalls(answer, identity) };
  const choices = [{ index: 0, message, finish_reason: finishOf(answer) }];
  return { ...head(request, identity, "chat.completion"), choices, usage: usageOf(request, answer) };
}

/** An answer as the events of an OpenAI stream. */
export function* events(request: EchoRequest, answer: Answer, identity: ReplyIdentity): Generator<string, void, void> {
  const base = head(request, identity, "chat.completion.chunk");
  const chunk = (delta: unknown, finish_reason: string | null): string =>
    event({ ...base, choices: [{ index: 0, delta, finish_reason }] });
  yield chunk({ role: "assistant", content: "" }, null);
  if (answer.call !== undefined) {
    const [call] = toolCalls(answer, identity).tool_calls ?? [];
    yield chunk({ tool_calls: [{ index: 0, ...call }] }, null);
  } else {
    for (const [piece] of answer.text.matchAll(new RegExp(`.{1,${CHUNK_CHARS}}`, "gsu"))) {
      yield chunk({ content: piece }, null);
    }
  }
  yield chunk({}, finishOf(answer));
  if (request.stream_options?.include_usage === true) {
    yield event({ ...base, choices: [], usage: usageOf(request, answer) });
  }
  yield "data: [DONE]\n\n";
}

function head({ model }: EchoRequest, { id, createdSeconds }: ReplyIdentity, object: string): Record<string, unknown> {
  return { id, object, created: createdSeconds, model };
}

function toolCalls({ call }: Answer, { callId }: ReplyIdentity): { tool_calls?: readonly Record<string, unknown>[] } {
  return call === undefined ? {} : { tool_calls: [{ id: callId, type: "function", function: call }] };
}

function finishOf(answer: Answer): string {
  return answer.call === undefined ? "stop" : "tool_calls";
}

function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
