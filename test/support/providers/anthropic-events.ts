/**
 * STAND-INS written from Anthropic's documented protocol (platform.claude.com/docs/en/build-with-claude/streaming and
 * .../api/messages, read 2026-11-23), not recorded from the service.
 */
function events(...values: readonly { readonly type: string }[]): string {
  return values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`).join("");
}

const START = {
  type: "message_start",
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    content: [],
    model: "claude",
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 25, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
  },
} as const;

/** Text, with a ping and a kind of event that is not known. */
export const TEXT_STREAM = events(
  START,
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never,
  { type: "ping" },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } } as never,
  { type: "some_new_event" },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: ", 세계" } } as never,
  { type: "content_block_stop", index: 0 } as never,
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 15 },
  } as never,
  { type: "message_stop" },
);

/** Text, then two calls of tools; the second has no arguments. */
export const TOOL_STREAM = events(
  START,
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never,
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Looking." } } as never,
  { type: "content_block_stop", index: 0 } as never,
  {
    type: "content_block_start",
    index: 1,
    content_block: { type: "tool_use", id: "toolu_1", name: "get_weather", input: {} },
  } as never,
  { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "" } } as never,
  {
    type: "content_block_delta",
    index: 1,
    delta: { type: "input_json_delta", partial_json: '{"location": "San' },
  } as never,
  { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: ' Francisco"}' } } as never,
  { type: "content_block_stop", index: 1 } as never,
  {
    type: "content_block_start",
    index: 2,
    content_block: { type: "tool_use", id: "toolu_2", name: "now", input: {} },
  } as never,
  { type: "content_block_stop", index: 2 } as never,
  {
    type: "message_delta",
    delta: { stop_reason: "tool_use", stop_sequence: null },
    usage: { output_tokens: 89 },
  } as never,
  { type: "message_stop" },
);

/** An error in the middle. */
export const ERROR_STREAM = events(
  START,
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never,
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } } as never,
  { type: "error", error: { type: "overloaded_error", message: "Overloaded" } } as never,
);

/** A whole message with text, thinking and a call. */
export const MESSAGE = {
  id: "msg_2",
  type: "message",
  role: "assistant",
  model: "claude",
  content: [
    { type: "thinking", thinking: "hm", signature: "s" },
    { type: "text", text: "Looking." },
    { type: "tool_use", id: "toolu_1", name: "get_weather", input: { location: "Seoul" } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 20, cache_creation_input_tokens: 3, cache_read_input_tokens: 7, output_tokens: 12 },
} as const;
