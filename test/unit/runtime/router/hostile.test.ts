import http from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readChatRequest } from "../../../../runtime/router/chat/request.ts";
import { ERRORS, Refusal } from "../../../../runtime/router/errors.ts";
import { Load } from "../../../../runtime/router/shell.ts";
import { chunk, DONE, json } from "../../../support/providers/scripted-provider.ts";
import { chat, Harness } from "./harness.ts";

describe("a body", () => {
  test("of any JSON is a request or refused with a code of the table, and changes no prototype", () => {
    const name = fc.constantFrom(
      "model",
      "messages",
      "role",
      "content",
      "tools",
      "n",
      "stream",
      "stream_options",
      "max_tokens",
      "__proto__",
      "constructor",
      "prototype",
      "tool_calls",
      "function",
    );
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("user", "tool", "tenant-default", "agent-a"),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(name, fc.string()), tie("value"), { maxKeys: 5 }),
      ),
    }));
    const near = fc.record(
      {
        model: fc.constant("tenant-default"),
        messages: fc.array(fc.oneof(value, fc.record({ role: fc.constant("user"), content: value }))),
      },
      { requiredKeys: ["model"] },
    );
    fc.assert(
      fc.property(fc.oneof(value, near), (body) => {
        try {
          const { messages, tools } = readChatRequest(Buffer.from(JSON.stringify(body)));
          expect(messages.length).toBeGreaterThan(0);
          expect(tools).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          expect(Object.keys(ERRORS)).toContain((error as Refusal).code);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test("of any bytes is refused with a code of the table", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => readChatRequest(Buffer.from(bytes))).toThrow(Refusal);
      }),
      { numRuns: 2000 },
    );
  });

  test("that nests without end is refused, and the refusal quotes nothing of it", () => {
    const deep = `{"model":"tenant-default","messages":[{"role":"user","content":${"[".repeat(100_000)}secret`;
    expect(() => readChatRequest(Buffer.from(deep))).toThrow(expect.not.stringContaining?.("secret") ?? Refusal);
    try {
      readChatRequest(Buffer.from(deep));
    } catch (error) {
      expect(String(error)).not.toContain("secret");
    }
  });
});

describe("hostile cells and providers", () => {
  let router: Harness;
  beforeAll(async () => {
    router = await Harness.start({ settings: { max_body_bytes: 1_000_000 } });
  });
  beforeEach(() => router.reset());
  afterAll(() => router.close());

  test("nesting that cannot be written again is refused, not a crash", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const reply = await router.post(
      `{"model":"tenant-default","messages":[{"role":"user","content":"x"}],"response_format":${deep}}`,
    );
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect((await router.post(chat())).status).toBe(200);
    for (const { settled } of router.budget.reservations) expect(settled).not.toBeUndefined();
  });

  test("a thousand tools pass, as long as they fit into the body", async () => {
    const tools = Array.from({ length: 1000 }, (_, index) => ({ type: "function", function: { name: `f${index}` } }));
    expect((await router.post(chat({ tools }))).status).toBe(200);
    expect(router.budget.reservations[0]?.reserved).toBeGreaterThan(64_000);
  });

  test("a body that is announced shorter or longer than it is, or never comes, leaves nothing behind", async () => {
    const request = http.request({
      port: router.port,
      method: "POST",
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer key-t", "content-type": "application/json", "content-length": "1000" },
    });
    request.on("error", () => {});
    request.write('{"model"');
    await new Promise((resolve) => request.once("socket", (socket) => socket.once("connect", resolve)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    request.destroy();
    await vi.waitFor(() => expect(router.audit.entries).toHaveLength(1));
    expect(router.audit.entries[0]).toMatchObject({ code: "client/aborted", tenant: "t" });
    expect(router.budget.reservations).toEqual([]);
  });

  test("two length headers, or a length and chunks, are refused before anything is read", async () => {
    const smuggled = await new Promise<number>((resolve) => {
      const request = http.request({
        port: router.port,
        method: "POST",
        path: "/v1/chat/completions",
        headers: { authorization: "Bearer key-t", "transfer-encoding": "chunked", "content-length": "5" },
      });
      request.on("response", (response) => resolve(response.statusCode ?? 0));
      request.on("error", () => resolve(0));
      request.end("x");
    });
    expect([0, 400]).toContain(smuggled);
    expect(router.providers.first.seen).toEqual([]);
  });

  test("only the content type of a provider's headers is believed, and none is passed on", async () => {
    router.providers.first.script = json(
      200,
      { choices: [{ message: { content: "x" } }] },
      {
        "set-cookie": "a=1",
        location: "http://evil.example",
        "x-trace-id": "forged",
        "openai-organization": "org",
      },
    );
    const { headers } = await router.post(chat());
    expect(headers["set-cookie"] ?? headers["location"] ?? headers["openai-organization"]).toBeUndefined();
    expect(headers["x-trace-id"]).toMatch(/^[0-9a-f]{32}$/);
  });

  test("a cell that reads slowly slows the provider down instead of filling the memory", async () => {
    const piece = chunk({ content: "x".repeat(1000) });
    let written = 0;
    let paused = false;
    const slow = await Harness.start({
      tenants: [{ max_tokens_per_request: 50_000 }],
      timeouts: { connectMs: 1000, firstByteMs: 250, totalMs: 15_000 },
    });
    slow.providers.first.script = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const write = (): void => {
        while (written < 30_000) {
          written += 1;
          if (!response.write(piece)) {
            paused = true;
            return void response.once("drain", write);
          }
        }
        response.end(DONE);
      };
      write();
    };
    const request = slow.open(chat({ stream: true }));
    const response = await new Promise<http.IncomingMessage>((resolve) => request.on("response", resolve));
    response.pause();
    // Kernel buffers fill, then nothing moves any more.
    let before = -1;
    await vi.waitFor(
      () => {
        const stuck = written === before;
        before = written;
        expect(stuck && paused).toBe(true);
      },
      { interval: 100, timeout: 3000 },
    );
    expect(written).toBeLessThan(30_000);
    // Longer than a provider may be silent.
    await new Promise((resolve) => setTimeout(resolve, 600));
    let bytes = 0;
    response.resume();
    response.on("data", (data: Buffer) => {
      bytes += data.length;
    });
    await new Promise((resolve) => response.on("end", resolve));
    expect(bytes).toBe(30_000 * Buffer.byteLength(piece) + Buffer.byteLength(DONE));
    await slow.close();
  });
});

test("bodies under way are bounded together, and one always fits", () => {
  const load = new Load(100);
  expect([load.take(200), load.take(1)]).toEqual([true, false]);
  load.give(200);
  expect([load.take(60), load.take(41), load.take(40)]).toEqual([true, false, true]);
});
