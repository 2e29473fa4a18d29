import http from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { hashKey } from "../../../../runtime/identity/index.ts";
import { buildRouter } from "../../../../runtime/router/app.ts";
import { parseCellKeys } from "../../../../runtime/router/cell-keys.ts";
import { openProviders, type Providers } from "../../../../runtime/router/providers.ts";
import { rewrite } from "../../../../runtime/router/rewrite.ts";
import { RouterSettings } from "../../../../runtime/settings/services.ts";

let provider: http.Server;
let answer: (response: http.ServerResponse) => void;
let seen: { headers: http.IncomingHttpHeaders; url: string | undefined; body: Record<string, unknown> }[];
let app: ReturnType<typeof buildRouter>;
let providers: Providers;

beforeAll(async () => {
  provider = http.createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      seen.push({ headers: request.headers, url: request.url, body: JSON.parse(text) });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  const settings = RouterSettings.parse({
    listen: { port: 8080 },
    max_body_bytes: 100_000,
    upstream_timeout_seconds: 1,
    tenant_keys_file: "/run/tenant-keys.json",
    tenants: [
      { id: "marketing", provider: "real", model: "gpt-x", max_tokens_per_request: 100 },
      { id: "engineering", provider: "down", model: "other" },
    ],
    providers: { real: { base_url: `http://127.0.0.1:${port}/v1` }, down: { base_url: "http://127.0.0.1:1/v1/" } },
  });
  const names = ["marketing", "engineering", "gone"];
  const cellKeys = parseCellKeys(
    JSON.stringify(Object.fromEntries(names.map((id) => [id, hashKey(`key-${id}`)]))),
    "k",
  );
  providers = openProviders(settings, (name) => (name === "real" ? "provider-key" : undefined));
  app = buildRouter(settings, { cellKeys: () => cellKeys, providers, draining: () => false, logLevel: "silent" });
});
beforeEach(() => {
  seen = [];
  answer = (response) => response.writeHead(200, { "content-type": "application/json", "set-cookie": "a" }).end("{}");
});
afterAll(async () => {
  await app.close();
  provider.closeAllConnections();
  provider.close();
  await providers.close();
});

const body = (extra: object = {}) => ({
  model: "tenant-default",
  messages: [{ role: "user", content: "x" }],
  ...extra,
});
const post = (payload: object | string, key = "key-marketing", headers: Record<string, string> = {}) =>
  app.inject({
    method: "POST",
    url: "/v1/chat/completions",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    payload,
  });
const outcome = (reply: Awaited<ReturnType<typeof post>>) => [reply.statusCode, reply.json().error?.code];

describe("the router", () => {
  test("sends the tenant's model with the provider's key, and nothing of the cell's headers", async () => {
    const reply = await post(body({ tools: [{ a: 1 }] }), "key-marketing", { "x-secret": "1", cookie: "c" });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers["set-cookie"]).toBeUndefined();
    expect(seen[0]?.url).toBe("/v1/chat/completions");
    expect(seen[0]?.body).toEqual({ ...body({ tools: [{ a: 1 }] }), model: "gpt-x", max_completion_tokens: 100 });
    expect(seen[0]?.headers.authorization).toBe("Bearer provider-key");
    const sent = ["accept", "authorization", "connection", "content-length", "content-type", "host", "traceparent"];
    expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual(sent);
  });

  test("refuses with stable codes and calls no provider", async () => {
    expect(outcome(await post(body(), "nobody"))).toEqual([401, "identity/unknown-key"]);
    expect(outcome(await post(body(), ""))).toEqual([401, "identity/missing-key"]);
    expect(outcome(await post(body(), "key-gone"))).toEqual([403, "tenancy/unknown"]);
    expect(outcome(await post(body({ model: "gpt-x" })))).toEqual([404, "model/unknown"]);
    expect(outcome(await post(body({ n: 5 })))).toEqual([400, "request/invalid-body"]);
    expect(outcome(await post("{"))).toEqual([400, "request/invalid-json"]);
    expect(outcome(await post(body({ pad: "x".repeat(100_000) })))).toEqual([413, "request/too-large"]);
    expect(seen).toEqual([]);
  });

  test("a provider that is down, fails or refuses our key is a 502 of ours", async () => {
    expect(outcome(await post(body(), "key-engineering"))).toEqual([502, "provider/unreachable"]);
    answer = (response) => void response.writeHead(500).end("internal");
    expect(outcome(await post(body()))).toEqual([502, "provider/failed"]);
    answer = (response) => void response.writeHead(401).end('{"error":"sk-..."}');
    expect(outcome(await post(body()))).toEqual([502, "provider/refused-key"]);
    answer = () => {};
    expect(outcome(await post(body()))).toEqual([504, "provider/timeout"]);
  });

  test("what a provider says about the request reaches the cell", async () => {
    answer = (response) =>
      void response.writeHead(429, { "content-type": "application/json", "retry-after": "7" }).end('{"e":1}');
    const reply = await post(body());
    expect([reply.statusCode, reply.headers["retry-after"], reply.body]).toEqual([429, "7", '{"e":1}']);
  });

  test("a stream passes byte for byte", async () => {
    const bytes = 'data: {"a":"안녕"}\n\n: comment\n\ndata: [DONE]\n\n';
    answer = (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end(bytes);
    const reply = await post(body({ stream: true }));
    expect([reply.body, reply.headers["content-type"]]).toEqual([bytes, "text/event-stream"]);
  });

  test.each(["before", "after"])("a cell that hangs up %s the first byte stops the provider", async (when) => {
    let closed = false;
    answer = (response) => {
      if (when === "after") response.writeHead(200, { "content-type": "text/event-stream" }).write("data: {}\n\n");
      response.once("close", () => {
        closed = true;
      });
    };
    if (!app.server.listening) await app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = app.server.address() as AddressInfo;
    const headers = { authorization: "Bearer key-marketing", "content-type": "application/json" };
    const request = http.request({ port, method: "POST", path: "/v1/chat/completions", headers });
    request.on("error", () => {});
    const got = new Promise((resolve) => request.once("response", (response) => response.once("data", resolve)));
    request.end(JSON.stringify(body({ stream: true })));
    if (when === "after") await got;
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    request.destroy();
    // Well before the router's own limit of 1 s, which would close it as well.
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 700 });
  });

  test("lists its one model to a cell and to nobody else", async () => {
    const list = (key: string) => app.inject({ url: "/v1/models", headers: { authorization: `Bearer ${key}` } });
    expect((await list("key-marketing")).json().data[0].id).toBe("tenant-default");
    expect((await list("x")).statusCode).toBe(401);
  });
});

describe("rewriting", () => {
  const tenant = { id: "t", provider: "p", model: "m", max_tokens_per_request: 4096 };
  const count = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined });

  test("no request leaves with more tokens than the cap or without one", () => {
    fc.assert(
      fc.property(count, count, (max_tokens, max_completion_tokens) => {
        const { body: out } = rewrite(body({ max_tokens, max_completion_tokens }), tenant);
        const limits = [out["max_tokens"], out["max_completion_tokens"]].filter((limit) => limit !== undefined);
        expect(limits.length).toBeGreaterThan(0);
        for (const limit of limits) expect(limit).toBeLessThanOrEqual(4096);
      }),
    );
  });

  test("a limit below the cap stays, and without a cap nothing is added", () => {
    expect(rewrite(body({ max_tokens: 5 }), tenant).body["max_tokens"]).toBe(5);
    expect(rewrite(body(), { id: "t", provider: "p", model: "m" }).body).toEqual(body({ model: "m" }));
  });
});

test("a tenant keys file with one key for two tenants, or of another shape, is refused without its content", () => {
  const sha256 = hashKey("x");
  expect(() => parseCellKeys(JSON.stringify({ a: sha256, b: sha256 }), "k")).toThrow("one key for two tenants");
  expect(() => parseCellKeys("[]", "k")).toThrow("identity/malformed-keys-file");
  expect(() => parseCellKeys("{", "k")).toThrow("no JSON");
});
