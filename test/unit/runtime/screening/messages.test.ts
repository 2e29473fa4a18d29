import { describe, expect, it } from "vitest";
import { Screen, screenReply, screenRequest } from "../../../../runtime/screening/index.ts";
import { everything } from "./all-rules.ts";

const CARD = "4111 1111 1111 1111";
const SSN = "123-45-6789";

const screen = Screen.compile({
  rules: [
    { name: "card", action: "block", detector: "payment-card" },
    { name: "ssn", action: "redact", detector: "us-ssn" },
    { name: "rrn", action: "route", detector: "kr-rrn" },
  ],
});

describe("a request", () => {
  it("stays the same object when nothing matched", () => {
    const body = { model: "m", messages: [{ role: "user", content: "hello" }] };
    expect(screenRequest(everything, body).body).toBe(body);
  });

  it("is screened in texts, text parts, tool results, arguments of earlier calls, names, and names of properties", () => {
    const messages = [
      { role: "system", content: `a ${SSN}` },
      { role: "user", name: SSN, content: [{ type: "text", text: `b ${SSN}` }] },
      { role: "assistant", tool_calls: [{ id: "1", function: { name: "f", arguments: `{"n":"${SSN}","${SSN}":1}` } }] },
      { role: "tool", tool_call_id: "1", content: `{"found":"${SSN}"}` },
      { role: "user", content: "x", [SSN]: true },
    ];
    const { action, hits, body } = screenRequest(screen, { messages });
    expect({ action, hits }).toEqual({ action: "redact", hits: [{ rule: "ssn", action: "redact", count: 7 }] });
    expect(JSON.stringify(body)).not.toContain(SSN);
    expect(JSON.stringify(body)).toContain("[redacted:ssn]");
  });

  it("has the action of its strongest rule", () => {
    const of = (content: string) => screenRequest(screen, { messages: [{ role: "user", content }] }).action;
    expect([of("x"), of(SSN), of(`${SSN} 900101-1234568`), of(`${SSN} 900101-1234568 ${CARD}`)]).toEqual([
      "pass",
      "redact",
      "route",
      "block",
    ]);
  });

  it("that is routed keeps what the rule found: it goes where that may be known", () => {
    const body = { messages: [{ role: "user", content: `900101-1234568 and ${SSN}` }] };
    expect(screenRequest(screen, body).body).toEqual({
      messages: [{ role: "user", content: "900101-1234568 and [redacted:ssn]" }],
    });
  });

  it("nested too deep is refused", () => {
    let content: unknown = "x";
    for (let depth = 0; depth < 100; depth += 1) content = [content];
    expect(() => screenRequest(screen, { messages: [{ role: "user", content }] })).toThrow(/too deep/);
  });
});

describe("arguments of a tool call", () => {
  it.each([
    [`{"n":"4111111111111111"}`, { n: "[redacted:payment-card]" }],
    [`{"n":4111111111111111}`, { n: "[redacted:payment-card]" }],
    [`{"n":-4111111111111111}`, { n: -0 }],
    [`{"n":[1,4111111111111111 ,2]}`, { n: [1, "[redacted:payment-card]", 2] }],
    [`{"n":"\\u0034111111111111111 \\"quoted\\""}`, { n: '[redacted:payment-card] "quoted"' }],
    [`{"4111111111111111":"a\\nb"}`, { "[redacted:payment-card]": "a\nb" }],
  ])("%s stay JSON", (args, expected) => {
    const cards = Screen.compile({ rules: [{ name: "payment-card", action: "redact", detector: "payment-card" }] });
    const message = { role: "assistant", tool_calls: [{ function: { name: "f", arguments: args } }] };
    const { body } = screenRequest(cards, { messages: [message] });
    const [{ tool_calls }] = body["messages"] as [typeof message];
    expect(JSON.parse(tool_calls[0]?.function.arguments ?? "")).toEqual(expected);
  });
});

describe("a reply", () => {
  const reply = (content: string) => ({
    id: "chatcmpl-1",
    choices: [{ index: 0, message: { role: "assistant", content }, logprobs: { content: [{ token: "x" }] } }],
    usage: { total_tokens: 1 },
  });

  it("stays the same object when nothing matched", () => {
    const whole = reply("hello");
    expect(screenReply(screen, whole)).toEqual({ action: "pass", hits: [], reply: whole });
    expect(screenReply(screen, whole).reply).toBe(whole);
  });

  it("is redacted by a route rule too, and loses the log probabilities that spell the text out", () => {
    const { action, reply: out } = screenReply(screen, reply("it is 900101-1234568"));
    expect(action).toBe("redact");
    expect(out["choices"]).toEqual([
      { index: 0, message: { role: "assistant", content: "it is [redacted:rrn]" }, logprobs: null },
    ]);
  });
});

it("nothing is screened without rules", () => {
  const none = Screen.compile({ rules: [] });
  const body = { messages: [{ role: "user", content: CARD }] };
  expect([none.active, none.text(CARD).text, screenRequest(none, body).body]).toEqual([false, CARD, body]);
});

it("verdicts hold no text that matched", () => {
  const { hits } = everything.text(`${CARD} ${SSN}`);
  expect(JSON.stringify(hits)).not.toMatch(/\d{3}/);
});
