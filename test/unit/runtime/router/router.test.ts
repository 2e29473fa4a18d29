import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { hashKey } from "../../../../runtime/identity/index.ts";
import { parseCellKeys } from "../../../../runtime/router/tenants/cell-keys.ts";
import { completion, json, sse, stream, USAGE_EVENT } from "../../../support/providers/scripted-provider.ts";
import { COST_OF_USAGE, chat, codeOf, Harness, provedKey } from "./harness.ts";

let router: Harness;

beforeAll(async () => {
  router = await Harness.start({});
});
beforeEach(() => router.reset());
afterAll(() => router.close());

describe("the router", () => {
  test("sends the tenant's model with the provider's key, and nothing of the cell's headers", async () => {
    const tools = [{ type: "function", function: { name: "f", parameters: { properties: { constructor: {} } } } }];
    const reply = await router.post(chat({ tools, user: "u", service_tier: "priority" }), "key-t", {
      "x-secret": "1",
      cookie: "c",
    });
    expect(reply.status).toBe(200);
    const [seen] = router.providers.first.seen;
    expect(seen?.url).toBe("/v1/chat/completions");
    expect(seen?.body).toEqual({ ...chat({ tools }), model: "gpt", max_tokens: 100 });
    expect(seen?.headers.authorization).toBe("Bearer secret-of-first");
    const sent = ["accept", "authorization", "connection", "content-length", "content-type", "host", "traceparent"];
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(sent);
  });

  test("passes an answer byte for byte, with its content type, the trace and nothing else of the provider's", async () => {
    const text = JSON.stringify(completion("안녕"), null, 3);
    router.providers.first.script = json(200, text, { "set-cookie": "a=1", "x-ratelimit-limit": "9" });
    const reply = await router.post(chat(), "key-t", { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` });
    expect(reply.body).toBe(text);
    const { connection, date, "keep-alive": _, ...rest } = reply.headers;
    expect(rest).toEqual({
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(text)),
      "x-trace-id": "a".repeat(32),
    });
    expect(router.providers.first.seen[0]?.headers["traceparent"]).toMatch(new RegExp(`^00-${"a".repeat(32)}-`));
  });

  test("a stream passes byte for byte", async () => {
    const events = stream("안녕 ", "world");
    router.providers.first.script = sse(events);
    const reply = await router.post(chat({ stream: true, stream_options: { include_usage: true } }));
    expect([reply.body, reply.headers["content-type"]]).toEqual([events, "text/event-stream; charset=utf-8"]);
    expect(router.providers.first.seen[0]?.body["stream_options"]).toEqual({ include_usage: true });
  });

  test("a cell that asked for no usage gets no event without choices, and is billed all the same", async () => {
    const events = stream("hello");
    router.providers.first.script = sse(events);
    const reply = await router.post(chat({ stream: true }));
    expect(reply.body).toBe(events.replace(USAGE_EVENT, ""));
    expect(router.budget.spentMicroUsd).toBe(COST_OF_USAGE);
  });

  test("refuses with stable codes and calls no provider", async () => {
    const cases: [string, Promise<Awaited<ReturnType<Harness["post"]>>>, number][] = [
      ["identity/unknown-key", router.post(chat(), "nobody"), 401],
      ["identity/missing-key", router.post(chat(), ""), 401],
      ["tenancy/unknown", router.post(chat(), "key-gone"), 403],
      ["model/unknown", router.post(chat({ model: "gpt" })), 404],
      ["model/unknown", router.post(chat({ model: "agent-" })), 404],
      ["request/invalid-body", router.post(chat({ n: 5 })), 400],
      ["request/invalid-body", router.post(chat({ best_of: 3 })), 400],
      ["request/invalid-body", router.post(chat({ max_tokens: -1 })), 400],
      ["request/invalid-body", router.post(chat({ messages: [] })), 400],
      ["request/invalid-body", router.post(chat({ messages: [{ role: "root", content: "x" }] })), 400],
      ["request/invalid-body", router.post(chat({ tools: new Array(2000).fill({}) })), 400],
      [
        "request/unsupported-content",
        router.post(chat({ messages: [{ role: "user", content: [{ type: "image_url" }] }] })),
        400,
      ],
      ["request/unsupported-content", router.post(chat({ modalities: ["text", "audio"] })), 400],
      ["request/invalid-json", router.post("{"), 400],
      ["request/invalid-json", router.post("[]"), 400],
      ["request/invalid-json", router.post(""), 400],
      ["request/invalid-utf-8", router.post(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400],
      ["request/wrong-content-type", router.post(chat(), "key-t", { "content-type": "text/plain" }), 415],
      ["request/too-large", router.post(chat({ stop: "x".repeat(300_000) })), 413],
    ];
    for (const [code, reply, status] of cases) {
      const got = await reply;
      expect([codeOf(got), got.status]).toEqual([code, status]);
    }
    expect(router.providers.first.seen).toEqual([]);
    expect(router.budget.reservations).toEqual([]);
    expect(router.audit.entries.map(({ code, decision }) => [code, decision])).toEqual(
      expect.arrayContaining(cases.map(([code]) => [code, "deny"])),
    );
    expect(router.audit.entries).toHaveLength(cases.length);
  });

  test("an unknown path and a wrong method are told so, without a provider", async () => {
    const reply = await router.app.inject({ method: "GET", url: "/v1/chat/completions" });
    expect([reply.statusCode, reply.json().error.code]).toEqual([404, "route/unknown"]);
  });

  test("lists its one model to a cell and to nobody else", async () => {
    const list = (key: string) => router.app.inject({ url: "/v1/models", headers: { authorization: `Bearer ${key}` } });
    expect((await list("key-t")).json().data[0].id).toBe("tenant-default");
    expect((await list("x")).statusCode).toBe(401);
  });

  test("records who asked, what for, what it used and what it cost, before the answer is sent", async () => {
    router.audit.hold();
    let answered = false;
    const reply = router.post(chat({ model: "agent-writer" }), "key-t", provedKey("t", "abcd1234"));
    void reply.then(() => {
      answered = true;
    });
    await vi.waitFor(() => expect(router.audit.waiting).toBe(1));
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    router.audit.commit();
    expect((await reply).status).toBe(200);
    expect(router.audit.entries[0]).toMatchObject({
      kind: "model",
      tenant: "t",
      principal: "abcd1234",
      action: "model:complete",
      decision: "allow",
      code: "ok",
      status: 200,
      rules: [],
      agent: "writer",
      model: "gpt",
      provider: "first",
      tokens_in: 10,
      tokens_out: 5,
      cost_micro_usd: COST_OF_USAGE,
      content: null,
    });
    expect(router.budget.usage).toEqual([
      {
        tenant: "t",
        agent: "writer",
        provider: "first",
        model: "gpt",
        tokensIn: 10,
        tokensOut: 5,
        costMicroUsd: COST_OF_USAGE,
        cached: false,
        month: "2026-11",
      },
    ]);
  });

  test("a stream is not complete before its record is durable", async () => {
    router.audit.hold();
    const request = router.open(chat({ stream: true }));
    let text = "";
    let ended = false;
    request.on("response", (response) => {
      response.on("data", (piece) => {
        text += piece;
      });
      response.on("end", () => {
        ended = true;
      });
    });
    await vi.waitFor(() => expect(router.audit.waiting).toBe(1));
    await vi.waitFor(() => expect(text).toContain("hello"));
    expect([text.includes("[DONE]"), ended]).toEqual([false, false]);
    router.audit.commit();
    await vi.waitFor(() => expect(ended).toBe(true));
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("without a record there is no answer: nothing is asked, and what was asked is not passed on", async () => {
    router.audit.healthy = false;
    expect(codeOf(await router.post(chat()))).toBe("audit/unavailable");
    expect(router.providers.first.seen).toEqual([]);
    router.audit.healthy = true;
    router.audit.broken = true;
    const reply = await router.post(chat());
    expect([codeOf(reply), reply.status, reply.body.includes("hello")]).toEqual(["audit/unavailable", 503, false]);
    const streamed = await router.post(chat({ stream: true }));
    expect([streamed.body.includes("[DONE]"), streamed.body.includes("audit/unavailable")]).toEqual([false, true]);
    // The provider bills all the same.
    expect(router.budget.spentMicroUsd).toBe(2 * COST_OF_USAGE);
  });
});

test("names that poison prototypes are names like any other", async () => {
  const body = `{"model":"tenant-default","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},
    "messages":[{"role":"user","content":"x","__proto__":{"role":"system"}}],
    "tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}}}]}`;
  expect((await router.post(body)).status).toBe(200);
  const sent = JSON.stringify(router.providers.first.seen[0]?.body);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(sent).not.toContain("polluted");
  // `JSON.parse` keeps the name as an own property, and so does what is sent.
  expect(sent).toContain('"properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}');
});

test("a tenant keys file with one key for two tenants, or of another shape, is refused without its content", () => {
  const sha256 = hashKey("x");
  expect(() => parseCellKeys(JSON.stringify({ a: sha256, b: sha256 }), "k")).toThrow("one key for two tenants");
  expect(() => parseCellKeys("[]", "k")).toThrow("identity/malformed-keys-file");
  expect(() => parseCellKeys("{", "k")).toThrow("no JSON");
});
