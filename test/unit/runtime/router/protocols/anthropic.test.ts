import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readChatRequest } from "../../../../../runtime/router/chat/request.ts";
import { ANTHROPIC } from "../../../../../runtime/router/protocols/anthropic.ts";
import { AnthropicStream } from "../../../../../runtime/router/protocols/anthropic-stream.ts";
import { ERROR_STREAM, MESSAGE, TEXT_STREAM, TOOL_STREAM } from "../../../../support/providers/anthropic-events.ts";
import { json, sse } from "../../../../support/providers/scripted-provider.ts";
import { chat, Harness } from "../harness.ts";

const read = (extra: object) => readChatRequest(Buffer.from(JSON.stringify(chat(extra))));
const encode = (extra: object) => JSON.parse(ANTHROPIC.encode(read(extra), { model: "claude", maxTokens: 64 }));

describe("a request to Anthropic", () => {
  test("has the system prompt apart, results of tools in the next turn of the user, and a token limit", () => {
    const call = (id: string, city: string) => ({
      id,
      type: "function",
      function: { name: "get_weather", arguments: JSON.stringify({ city }) },
    });
    const body = encode({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "developer", content: [{ type: "text", text: "Be kind." }] },
        { role: "user", content: "Weather?" },
        { role: "assistant", content: "", tool_calls: [call("a", "Seoul"), call("b", "Busan")] },
        { role: "tool", tool_call_id: "a", content: "sunny" },
        { role: "tool", tool_call_id: "b", content: [{ type: "text", text: "rain" }] },
        { role: "user", content: "And?" },
      ],
      tools: [
        {
          type: "function",
          function: {
            name: "get_weather",
            description: "d",
            parameters: { type: "object", properties: { __proto__x: {} } },
          },
        },
      ],
      tool_choice: "auto",
      parallel_tool_calls: false,
      temperature: 1.5,
      top_p: 0.5,
      stop: "END",
      seed: 1,
      stream: true,
    });
    expect(body).toEqual({
      model: "claude",
      max_tokens: 64,
      system: "Be brief.\n\nBe kind.",
      messages: [
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        {
          role: "assistant",
          content: [
            { type: "tool_use", id: "a", name: "get_weather", input: { city: "Seoul" } },
            { type: "tool_use", id: "b", name: "get_weather", input: { city: "Busan" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "a", content: [{ type: "text", text: "sunny" }] },
            { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "rain" }] },
            { type: "text", text: "And?" },
          ],
        },
      ],
      tools: [
        { name: "get_weather", description: "d", input_schema: { type: "object", properties: { __proto__x: {} } } },
      ],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
      temperature: 1,
      stop_sequences: ["END"],
      stream: true,
    });
  });

  test.each([
    ["required", { type: "any" }],
    ["none", { type: "none" }],
    [
      { type: "function", function: { name: "f" } },
      { type: "tool", name: "f" },
    ],
  ])("chooses tools: %j", (tool_choice, expected) => {
    expect(encode({ tools: [{ type: "function", function: { name: "f" } }], tool_choice }).tool_choice).toEqual(
      expected,
    );
  });

  test("arguments that are no JSON object are told as they are", () => {
    const tool_calls = [{ id: "a", type: "function", function: { name: "f", arguments: "[1" } }];
    const body = encode({
      messages: [
        { role: "user", content: "x" },
        { role: "assistant", tool_calls },
      ],
    });
    expect(body.messages[1].content[0].input).toEqual({ arguments: "[1" });
  });

  test("what it cannot say is refused, not left out", () => {
    for (const extra of [
      { response_format: { type: "json_object" } },
      { tools: [{ type: "web_search" }] },
      { messages: [{ role: "function", name: "f", content: "x" }] },
      { messages: [{ role: "tool", content: "x" }] },
    ]) {
      expect(() => encode(extra)).toThrow("request/unsupported-content");
    }
  });
});

describe("an answer of Anthropic", () => {
  test("becomes a completion, with all input counted", () => {
    const reply = ANTHROPIC.decode(Buffer.from(JSON.stringify(MESSAGE)));
    expect(reply?.usage).toEqual({ tokensIn: 30, cachedIn: 7, tokensOut: 12 });
    expect(reply?.completion["choices"]).toEqual([
      {
        index: 0,
        message: {
          role: "assistant",
          content: "Looking.",
          tool_calls: [
            { id: "toolu_1", type: "function", function: { name: "get_weather", arguments: '{"location":"Seoul"}' } },
          ],
        },
        finish_reason: "tool_calls",
      },
    ]);
    expect(reply?.completion["usage"]).toMatchObject({ prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 });
    for (const no of ["null", "[]", "{}", '{"type":"message"}', "nonsense"])
      expect(ANTHROPIC.decode(Buffer.from(no))).toBeUndefined();
  });

  test.each([
    ["end_turn", "stop"],
    ["max_tokens", "length"],
    ["refusal", "content_filter"],
    ["something new", "stop"],
  ])("that ends with %s ended with %s", (stop_reason, expected) => {
    const reply = ANTHROPIC.decode(Buffer.from(JSON.stringify({ ...MESSAGE, content: [], stop_reason })));
    expect(reply?.completion["choices"]).toMatchObject([{ finish_reason: expected }]);
  });

  test("a complaint keeps its words, and a prompt that is too long has the code that OpenClaw knows", () => {
    const complaint = (message: string) =>
      ANTHROPIC.complaint(
        Buffer.from(JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } })),
      );
    expect(complaint("no")).toEqual({
      message: "no",
      type: "invalid_request_error",
      code: "invalid_request_error",
      param: null,
    });
    expect(complaint("prompt is too long: 210000 tokens > 200000 maximum")?.code).toBe("context_length_exceeded");
    expect(ANTHROPIC.complaint(Buffer.from("<html>"))).toBeUndefined();
  });
});

/** The events of a translated stream, cut into pieces of so many bytes on the way. */
function translated(text: string, size: number): Record<string, unknown>[] {
  const stream = new AnthropicStream();
  const bytes = Buffer.from(text);
  let out = "";
  for (let at = 0; at < bytes.length; at += size) out += stream.push(bytes.subarray(at, at + size))?.toString() ?? "";
  return out
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice("data: ".length)));
}

describe("a stream of Anthropic", () => {
  const sizes = [1, 2, 3, 7, 64, 100_000];
  const deltas = (events: Record<string, unknown>[]) =>
    events.flatMap(
      ({ choices }) => (choices as { delta: Record<string, unknown>; finish_reason: string | null }[]) ?? [],
    );

  test.each(sizes)("is OpenAI's text, reason and usage, in pieces of %i bytes", (size) => {
    const events = translated(TEXT_STREAM, size);
    const all = deltas(events);
    expect(all.map(({ delta }) => delta["content"] ?? "").join("")).toBe("Hello, 세계");
    expect(all.at(-1)?.finish_reason).toBe("stop");
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 25, completion_tokens: 15 } });
    expect(events[0]).toMatchObject({ id: "msg_1", object: "chat.completion.chunk", model: "claude" });
  });

  test.each(sizes)("has calls of tools with their place, id, name and arguments, in pieces of %i bytes", (size) => {
    const calls = deltas(translated(TOOL_STREAM, size)).flatMap(
      ({ delta }) =>
        (delta["tool_calls"] as { index: number; id?: string; function: { name?: string; arguments: string } }[]) ?? [],
    );
    const whole = [0, 1].map((place) => {
      const of = calls.filter(({ index }) => index === place);
      return [of[0]?.id, of[0]?.function.name, of.map((call) => call.function.arguments).join("")];
    });
    expect(whole).toEqual([
      ["toolu_1", "get_weather", '{"location": "San Francisco"}'],
      ["toolu_2", "now", "{}"],
    ]);
    expect(deltas(translated(TOOL_STREAM, size)).at(-1)?.finish_reason).toBe("tool_calls");
  });
});

describe("through the router", () => {
  let router: Harness;
  beforeAll(async () => {
    router = await Harness.start({
      kinds: { first: "anthropic" },
      tenants: [
        {
          chain: [
            { provider: "first", model: "claude" },
            { provider: "second", model: "llama" },
          ],
        },
      ],
    });
  });
  beforeEach(() => router.reset());
  afterAll(() => router.close());

  test("the key, the version and the path are Anthropic's; the answer and the bill are right", async () => {
    router.providers.first.script = json(200, MESSAGE);
    const reply = await router.post(chat());
    const [seen] = router.providers.first.seen;
    expect([
      seen?.url,
      seen?.headers["x-api-key"],
      seen?.headers["anthropic-version"],
      seen?.headers.authorization,
    ]).toEqual(["/v1/messages", "secret-of-first", "2023-06-01", undefined]);
    expect(JSON.parse(reply.body).choices[0].finish_reason).toBe("tool_calls");
    expect(router.budget.spentMicroUsd).toBe(30 + 2 * 12);
  });

  test("a stream comes as OpenAI's, with [DONE], and is billed by its figures", async () => {
    router.providers.first.script = sse(TEXT_STREAM);
    const reply = await router.post(chat({ stream: true, stream_options: { include_usage: true } }));
    expect(reply.body.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(reply.body).toContain('"usage":{"prompt_tokens":25');
    expect(router.budget.spentMicroUsd).toBe(25 + 2 * 15);
  });

  test("an error after text ends the stream; one before it goes to the next provider", async () => {
    router.providers.first.script = (response) => {
      const [text, error] = ERROR_STREAM.split("event: error");
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(text, () => setImmediate(() => response.end(`event: error${error}`)));
    };
    const late = await router.post(chat({ stream: true }));
    expect(late.body).toContain("provider/failed");
    expect(late.body).not.toContain("Overloaded");
    expect(late.body).not.toContain("[DONE]");
    router.reset();
    router.providers.first.script = sse(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"x"}}\n\n',
    );
    expect((await router.post(chat({ stream: true }))).body).toContain("hello");
  });
});
