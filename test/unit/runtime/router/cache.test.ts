import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cacheKey } from "../../../../runtime/router/cache/key.ts";
import { ReplyCache } from "../../../../runtime/router/cache/reply-cache.ts";
import { asEvents, fromEvents } from "../../../../runtime/router/chat/completion.ts";
import { readChatRequest } from "../../../../runtime/router/chat/request.ts";
import { completion, json, says } from "../../../support/providers/scripted-provider.ts";
import { chat, Harness } from "./harness.ts";

let router: Harness;
let now = 0;
beforeAll(async () => {
  const cached = { cache_ttl_seconds: 60 };
  router = await Harness.start({ tenants: [cached, { id: "u", ...cached }, { id: "never" }] });
  router.nowMs = () => now;
});
beforeEach(() => {
  // Each test begins when everything kept before is too old.
  now += 1_000_000;
  router.reset();
});
afterAll(() => router.close());
const asked = () => router.providers.first.seen.length;

test("exactly the same request is answered again without a provider, at no cost, and recorded as that", async () => {
  const first = await router.post(chat());
  const again = await router.post('{"messages":[{"content":"hi","role":"user"}],"model":"tenant-default"}');
  expect([again.status, again.body, asked()]).toEqual([200, first.body, 1]);
  expect(router.audit.entries[1]).toMatchObject({
    action: "model:cached",
    code: "ok",
    provider: "first",
    tokens_in: 0,
    cost_micro_usd: 0,
  });
  expect(router.budget.usage.map(({ cached, costMicroUsd }) => [cached, costMicroUsd])).toEqual([
    [false, 20],
    [true, 0],
  ]);
  expect(router.budget.reservations).toHaveLength(1);
});

test("an answer goes to the tenant that asked for it and to no other", async () => {
  router.providers.first.script = says("secret of t");
  await router.post(chat(), "key-t");
  router.providers.first.script = says("for u");
  expect((await router.post(chat(), "key-u")).body).toContain("for u");
  expect((await router.post(chat(), "key-t")).body).toContain("secret of t");
});

test("an answer that was given whole can be streamed, and one that was streamed can be given whole", async () => {
  await router.post(chat());
  const streamed = await router.post(chat({ stream: true, stream_options: { include_usage: true } }));
  expect(streamed.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  expect(fromEvents(streamed.body)).toEqual(completion("hello"));
  expect(streamed.body.endsWith("data: [DONE]\n\n")).toBe(true);
  now += 100_000;
  router.reset();
  await router.post(chat({ stream: true }));
  const whole = JSON.parse((await router.post(chat())).body);
  expect([whole.choices[0].message.content, asked()]).toEqual(["hello", 1]);
});

test("nothing is kept with tools, of failures, of answers that were cut, for tenants without a cache, or too long", async () => {
  const tools = [{ type: "function", function: { name: "f" } }];
  const twice = async (payload: object, key = "key-t") => {
    router.providers.first.seen.length = 0;
    await router.post(payload, key);
    await router.post(payload, key);
    return asked();
  };
  expect(await twice(chat({ tools }))).toBe(2);
  expect(
    await twice(
      chat({
        messages: [
          { role: "user", content: "x" },
          { role: "tool", tool_call_id: "c", content: "1" },
        ],
      }),
    ),
  ).toBe(2);
  expect(await twice(chat({ seed: 1 }), "key-never")).toBe(2);
  router.providers.first.script = json(400, {});
  expect(await twice(chat({ seed: 2 }))).toBe(2);
  const call = [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
  const choices = (message: object, finish_reason: string) => ({
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }],
  });
  router.providers.first.script = json(200, completion(null, choices({ content: "x" }, "length")));
  expect(await twice(chat({ seed: 3 }))).toBe(2);
  router.providers.first.script = json(200, completion(null, choices({ content: "x", tool_calls: call }, "stop")));
  expect(await twice(chat({ seed: 4 }))).toBe(2);
  router.providers.first.script = says("hello");
  expect(await twice(chat({ seed: 5 }))).toBe(1);
  now += 60_001;
  expect(await twice(chat({ seed: 5 }))).toBe(1);
});

test("another request has another name: model, provider, cap, every field and every message count", () => {
  const source = { provider: "p", model: "m", maxTokens: 5 };
  const key = (extra: object, from = source) =>
    cacheKey(readChatRequest(Buffer.from(JSON.stringify(chat(extra)))), from);
  const names = [
    key({}),
    key({ temperature: 0 }),
    key({ temperature: 1 }),
    key({ messages: [{ role: "system", content: "hi" }] }),
    key({ messages: [{ role: "user", content: ["hi"].map((text) => ({ type: "text", text })) }] }),
    key({}, { ...source, provider: "q" }),
    key({}, { ...source, model: "n" }),
    key({}, { ...source, maxTokens: 6 }),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(key({ stream: true })).toBe(key({}));
});

test("what is kept is encrypted, bounded by bytes, and opens with its own key and name only", () => {
  const cache = new ReplyCache({ ttlMs: 1000, nowMs: () => now, maxBytes: 10_000 });
  for (let index = 0; index < 100; index += 1) cache.set(`k${index}`, Buffer.alloc(1000, index));
  const kept = Array.from({ length: 100 }, (_, index) => cache.get(`k${index}`)).filter((entry) => entry !== undefined);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(10);
});

test("a completion survives being turned into events and back", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "binary" }), fc.boolean(), (text, usage) => {
      const whole = JSON.parse(JSON.stringify(completion(text)));
      const back = fromEvents(asEvents(whole, usage));
      expect(back).toEqual(usage ? whole : { ...whole, usage: undefined });
    }),
  );
});
