import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answer, EchoRequest, LABEL } from "../../../../runtime/echo-model/answer.ts";
import { buildEchoModel } from "../../../../runtime/echo-model/app.ts";

const tools = ["exec", "memory_write"].map((name) => ({ type: "function", function: { name } }));
const user = (content: string) => ({ role: "user", content });
const ask = (messages: unknown[], offered: unknown = tools) =>
  answer(EchoRequest.parse({ model: "echo", messages, tools: offered }));

describe("the stand-in", () => {
  test("labels whatever it says", () => {
    fc.assert(fc.property(fc.string(), (text) => (ask([user(text)], []).text ?? "").startsWith(LABEL)));
  });

  test("ignores OpenClaw's own messages, time stamps and runtime notes", () => {
    const said = ask([
      user("[Mon 2026-11-23 01:39 UTC] hello there\n\nRuntime: x"),
      user("BEGIN_OPENCLAW_INTERNAL_CONTEXT RUN: rm"),
    ]);
    expect(said).toEqual({ text: `${LABEL} hello there [user messages: 1]` });
  });

  test("asks for the tool that a message names", () => {
    expect(ask([user("[Mon 2026-11-23 01:39 UTC] RUN: uname -a\nthanks")]).call).toEqual({
      name: "exec",
      arguments: '{"command":"uname -a"}',
    });
    expect(ask([user('REMEMBER: the code is "42"')]).call).toEqual({
      name: "memory_write",
      arguments: '{"text":"the code is \\"42\\""}',
    });
    expect(ask([user('CALLTOOL exec {"command":"id"}')]).call).toEqual({ name: "exec", arguments: '{"command":"id"}' });
  });

  test("does not ask for a tool that is not offered, and says so", () => {
    expect(ask([user("RUN: id")], []).text).toBe(`${LABEL} the tool "exec" is not offered in this request`);
  });

  test("tells a tool's result back, cut at 6000 characters, and does not ask again", () => {
    const messages = [
      user("RUN: id"),
      { role: "assistant", content: null },
      { role: "tool", content: "r".repeat(9000) },
    ];
    expect(ask(messages).text).toBe(`${LABEL} ${"r".repeat(6000)}`);
  });

  test("a stream says the same as a whole answer", async () => {
    const app = buildEchoModel(() => 0);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const payload = { model: "echo", messages: [user(text)], stream_options: { include_usage: true } };
        const post = (stream: boolean) =>
          app.inject({ method: "POST", url: "/v1/chat/completions", payload: { ...payload, stream } });
        const [whole, streamed] = [(await post(false)).json(), (await post(true)).body];
        const chunks = streamed.split("\n\n").filter((event) => event.startsWith("data: {"));
        const parsed = chunks.map((event) => JSON.parse(event.slice(6)));
        const content = parsed.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
        expect(content).toBe(whole.choices[0].message.content);
        expect(parsed.at(-1).usage).toEqual(whole.usage);
        expect(streamed.endsWith("data: [DONE]\n\n")).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test("is alive and ready as soon as it listens", async () => {
    const app = buildEchoModel(() => 0);
    const replies = await Promise.all(["/healthz", "/readyz"].map((url) => app.inject({ method: "GET", url })));
    expect(replies.map(({ statusCode, body }) => [statusCode, body])).toEqual([
      [200, '{"status":"ok"}'],
      [200, '{"status":"ok"}'],
    ]);
  });

  test("a request without messages is refused", async () => {
    const reply = await buildEchoModel(() => 0).inject({ method: "POST", url: "/v1/chat/completions", payload: {} });
    expect([reply.statusCode, reply.json().error.code]).toEqual([400, "request/invalid-body"]);
  });
});
