import { expect, test } from "vitest";
import { readChatRequest } from "../../../../../runtime/router/chat/request.ts";
import { DIALECTS, openAiProtocol, openAiUsage } from "../../../../../runtime/router/protocols/openai.ts";
import { Provider } from "../../../../../runtime/router/providers/provider.ts";
import { chat } from "../harness.ts";

const request = readChatRequest(
  Buffer.from(JSON.stringify(chat({ stream: true, messages: [{ role: "developer", content: "d" }] }))),
);
const encoded = (kind: keyof typeof DIALECTS) =>
  JSON.parse(openAiProtocol(DIALECTS[kind]).encode(request, { model: "m", maxTokens: 9 }));

test("every server is told the token limit in the field that it knows, and only in that", () => {
  for (const kind of Object.keys(DIALECTS) as (keyof typeof DIALECTS)[]) {
    const { max_tokens, max_completion_tokens } = encoded(kind);
    const newer = kind === "openai" || kind === "echo";
    expect([kind, max_tokens, max_completion_tokens]).toEqual([kind, newer ? undefined : 9, newer ? 9 : undefined]);
  }
});

test("a server that does not know the role developer gets system, and the request itself is not changed", () => {
  expect(encoded("vllm").messages[0].role).toBe("system");
  expect(encoded("openai").messages[0].role).toBe("developer");
});

test("usage is asked for in a stream, where that can be asked", () => {
  expect(encoded("openai").stream_options).toEqual({ include_usage: true });
  expect(encoded("hunyuan").stream_options).toBeUndefined();
});

test("cached input is read under both names", () => {
  const counts = { prompt_tokens: 9, completion_tokens: 2 };
  expect(openAiUsage({ ...counts, prompt_tokens_details: { cached_tokens: 4 } })?.cachedIn).toBe(4);
  expect(openAiUsage({ ...counts, prompt_cache_hit_tokens: 3 })?.cachedIn).toBe(3);
  expect(openAiUsage({ prompt_tokens: "9", completion_tokens: 2 })).toBeUndefined();
});

test("a provider at a known address is spoken to as what it is, whatever it is called", async () => {
  const timeouts = { connectMs: 1, firstByteMs: 1, totalMs: 1 };
  const options = { timeouts, breaker: { failures: 1, open_seconds: 1 }, key: () => undefined, nowMs: () => 0 };
  const at = (base_url: string) =>
    new Provider("p", { kind: "openai-compatible", base_url, jurisdiction: "us", internal: false }, options);
  expect(at("https://api.openai.com/v1").kind).toBe("openai");
  expect(at("https://api.openai.com.example.com/v1").kind).toBe("openai-compatible");
});
