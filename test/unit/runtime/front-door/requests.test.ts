import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ERRORS } from "../../../../runtime/front-door/errors.ts";
import { chat, completion, type FrontDoor, openFrontDoor } from "./fixture.ts";

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
beforeEach(() => {
  door.answer = completion;
  door.seen.length = 0;
});
afterAll(() => door.close());

const url = "/v1/chat/completions";
const post = (payload: unknown, headers: Record<string, string> = {}) =>
  door.app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json", ...door.bearer("marketing", "user"), ...headers },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });
const get = (path: string, headers: Record<string, string> = door.bearer("marketing", "user")) =>
  door.app.inject({ url: path, headers });
const outcome = (reply: { statusCode: number; json: () => { error?: { code: string } } }) => [
  reply.statusCode,
  reply.json().error?.code,
];

describe("bad input", () => {
  const cases: readonly [string, unknown, Record<string, string>, number, string][] = [
    ["no key", chat(), { authorization: "" }, 401, "identity/missing-key"],
    ["a malformed key", chat(), { authorization: "Bearer sk-1" }, 401, "identity/malformed-key"],
    ["another tenant", chat(), { "x-tenant-id": "engineering" }, 403, "tenancy/mismatch"],
    ["invalid JSON", "{", {}, 400, "request/invalid-json"],
    ["an empty body", "", {}, 400, "request/invalid-json"],
    ["a prototype key", '{"__proto__":{"x":1}}', {}, 400, "request/invalid-json"],
    ["a constructor key", '{"model":"openclaw","constructor":{"prototype":{}}}', {}, 400, "request/invalid-json"],
    ["another content type", chat(), { "content-type": "text/plain" }, 415, "request/wrong-content-type"],
    ["a large body", chat({ user: "x".repeat(70_000) }), {}, 413, "request/too-large"],
    ["no messages", { model: "openclaw" }, {}, 400, "request/invalid-body"],
    ["no user message", chat({ messages: [{ role: "system", content: "x" }] }), {}, 400, "request/invalid-body"],
    ["tools of the client", chat({ tools: [{}] }), {}, 400, "request/unsupported"],
    ["several choices", chat({ n: 2 }), {}, 400, "request/unsupported"],
    ["an unknown model", chat({ model: "gpt-4o" }), {}, 404, "model/unknown"],
    ["another tenant's alias", chat({ model: "engineering" }), {}, 404, "model/unknown"],
    ["a conversation id with a space", chat({ user: "a b" }), {}, 400, "request/invalid-conversation"],
  ];
  test.each(cases)(
    "%s is refused with its own code and reaches no cell",
    async (_name, payload, headers, status, code) => {
      const reply = await post(payload, headers);
      expect([...outcome(reply), door.seen]).toEqual([status, code, []]);
      expect((await door.records()).at(-1)).toMatchObject({ code, status, decision: "deny" });
    },
  );

  test("all problems of a body are told at once, without its content", async () => {
    const { error } = (await post({ model: 5, messages: [{ role: "secret-role", content: 7 }] })).json();
    expect(error.message).toMatch(/model.*\n.*messages\[0\]\.role.*\n.*messages\[0\]\.content/);
    expect(error.message).not.toContain("secret-role");
  });

  test("an unknown path is 404 and a known one with another method 405", async () => {
    expect(outcome(await get("/v1/nothing"))).toEqual([404, "route/unknown"]);
    const reply = await get(url);
    expect([...outcome(reply), reply.headers["allow"]]).toEqual([405, "route/method", "POST"]);
  });

  test("a key that is bound to no tenant must name one that is served", async () => {
    const admin = door.bearer(null, "admin");
    expect(outcome(await get("/api/memory/search?q=x", admin))).toEqual([400, "tenancy/missing"]);
    expect(outcome(await get("/api/memory/search?q=x", { ...admin, "x-tenant-id": "nobody" }))).toEqual([
      404,
      "tenancy/unknown",
    ]);
  });

  test("whatever the body, headers and query are, the answer is a stable error and never a 5xx", async () => {
    const text = fc.string({ maxLength: 60 }).map((value) => value.replace(/[^\x20-\x7e]/g, "?"));
    const fragment = fc.constantFrom<unknown>(null, 0, -1, 1e99, "x", true, [], {}, [null], [[]], { role: "user" });
    const body = fc.oneof(
      fc.json().filter((json) => !json.includes("openclaw")),
      fc.string(),
      fc
        .dictionary(
          fc.constantFrom("messages", "stream", "user", "stop", "seed", "temperature", "n", "tools"),
          fragment,
        )
        .map((extra) => JSON.stringify(chat(extra))),
    );
    const headers = fc.dictionary(
      fc.constantFrom("x-tenant-id", "x-conversation-id", "traceparent", "content-type", "authorization", "accept"),
      text,
      { maxKeys: 3 },
    );
    await fc.assert(
      fc.asyncProperty(body, headers, text, fc.boolean(), async (payload, extra, query, isGet) => {
        const path = `/api/${query.length % 2 ? "audit/logs" : "memory/search"}?${query}`;
        const admin = { ...door.bearer(null, "admin"), "x-tenant-id": "marketing", ...extra };
        const reply = isGet ? await get(encodeURI(path), admin) : await post(payload, extra);
        expect(reply.statusCode).toBeLessThan(500);
        if (reply.statusCode !== 200) expect(ERRORS).toHaveProperty([reply.json().error.code]);
      }),
      { numRuns: 500, examples: [[JSON.stringify(chat({ stream: true })), {}, "", false]] },
    );
  });

  test("a URL that cannot be decoded is refused and recorded", async () => {
    const before = (await door.records()).length;
    expect(outcome(await get("/%zz"))).toEqual([400, "request/malformed"]);
    expect((await door.records()).length).toBe(before + 1);
  });
});

describe("a request that is let in", () => {
  test("reaches the cell with known parameters only and a session of ours", async () => {
    await post(chat({ temperature: 0.5, metadata: { a: 1 }, user: "me", store: true }));
    const { user, ...body } = door.seen[0]?.body ?? {};
    expect(user).not.toBe("me");
    const messages = [{ role: "user", content: "hello" }];
    expect(body).toEqual({ model: "openclaw/main", messages, temperature: 0.5, stream: false });
  });

  test("gets the cell's answer unchanged and a record with its tokens", async () => {
    const reply = await post(chat());
    expect([reply.statusCode, reply.json().id]).toEqual([200, "chatcmpl_marketing"]);
    const record = (await door.records()).at(-1);
    expect(record).toMatchObject({
      tenant: "marketing",
      code: "ok",
      decision: "allow",
      status: 200,
      tokens_in: 2,
      tokens_out: 3,
    });
    expect(JSON.stringify(record)).not.toContain("hello");
  });

  test("continues the caller's trace", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    await post(chat(), { traceparent: `00-${trace}-b7ad6b7169203331-01` });
    expect(door.seen[0]?.headers["traceparent"]).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect((await door.records()).at(-1)?.trace_id).toBe(trace);
  });

  test("searches the memory of its own tenant, in our words", async () => {
    const reply = await get("/api/memory/search?q=engineering-data&max_results=3");
    const results = [{ path: "MEMORY.md", start_line: 3, score: 1, snippet: "marketing" }];
    expect(reply.json()).toEqual({ tenant: "marketing", query: "engineering-data", results });
    const args = { query: "engineering-data", maxResults: 3 };
    expect(door.seen[0]?.body).toEqual({ tool: "memory_search", agentId: "main", args });
  });

  test("finds nothing as an empty list", async () => {
    door.answer = (response) =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ ok: true, result: { details: { results: [] } } }));
    expect((await get("/api/memory/search?q=x")).json().results).toEqual([]);
  });
});

describe("a cell that fails", () => {
  const status = (code: number, body = "{}") => {
    door.answer = (response) => response.writeHead(code, { "content-type": "application/json" }).end(body);
  };

  test.each([
    [401, 502, "cell/broken-reply"],
    [500, 502, "cell/broken-reply"],
    [503, 503, "cell/unavailable"],
  ])("its status %i becomes %i %s", async (code, expected, name) => {
    status(code);
    expect(outcome(await post(chat()))).toEqual([expected, name]);
    expect((await door.records()).at(-1)).toMatchObject({ code: name, decision: "allow" });
  });

  test("what it says about a bad request is passed on as 400", async () => {
    status(400, '{"error":{"message":"Missing user message"}}');
    const reply = await post(chat());
    expect([...outcome(reply), reply.json().error.message]).toEqual([
      400,
      "cell/refused",
      '[cell/refused] body: got "Missing user message"; expected a request that the agent takes; correct the request',
    ]);
  });

  test("an answer that is no completion, or a cut connection, is a broken reply", async () => {
    status(200, '{"hello":1}');
    expect(outcome(await post(chat()))).toEqual([502, "cell/broken-reply"]);
    door.answer = (response) => void response.destroy();
    expect(outcome(await post(chat()))).toEqual([502, "cell/broken-reply"]);
  });
});

test("health answers everybody and leaves no record", async () => {
  const before = (await door.records()).length;
  expect((await get("/api/health", {})).json()).toEqual({ status: "ok", version: "0.1.0" });
  expect((await get("/readyz", {})).json()).toEqual({ status: "ready" });
  expect((await door.records()).length).toBe(before);
});
