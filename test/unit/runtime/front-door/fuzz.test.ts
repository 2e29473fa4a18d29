import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditEntry, AuditLog } from "../../../../runtime/audit/index.ts";
import { ERRORS } from "../../../../runtime/front-door/errors.ts";
import { chat, type FrontDoor, openFrontDoor } from "./fixture.ts";
import { memoryAudit, type StandInReply, standInCells } from "./in-process.ts";

let door: FrontDoor;
let reply: StandInReply = { chunks: [] };
const entries: AuditEntry[] = [];
const fine = '{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"fine"}}]}';

beforeAll(async () => {
  const audit = memoryAudit(entries) as unknown as AuditLog;
  const rules = [{ name: "card", action: "redact", detector: "payment-card" }];
  door = await openFrontDoor({ settings: { screening: { rules } }, deps: { audit, cells: standInCells(() => reply) } });
});
afterAll(() => door.close());

async function ask(
  payload: string | Buffer,
  headers: Record<string, string | string[]> = {},
): Promise<{ readonly status: number; readonly body: string; readonly code: string | undefined }> {
  entries.length = 0;
  const own = { "content-type": "application/json", ...door.bearer("marketing", "user") };
  const answer = await door.app.inject({
    method: "POST",
    url: "/v1/chat/completions",
    headers: { ...own, ...headers },
    payload,
  });
  const found = /"code":"([a-z-]+\/[a-z-]+)"/.exec(answer.body)?.[1];
  return { status: answer.statusCode, body: answer.body, code: found };
}

describe("whatever a client sends", () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const good = JSON.stringify(chat());
  const mutated = fc
    .tuple(
      fc.nat(good.length),
      fc.nat(6),
      fc.oneof(
        bytes,
        fc.string({ unit: "binary", maxLength: 6 }).map((text) => Buffer.from(text)),
      ),
    )
    .map(([at, cut, middle]) =>
      Buffer.concat([Buffer.from(good.slice(0, at)), middle, Buffer.from(good.slice(at + cut))]),
    );
  const nested = fc
    .integer({ min: 1, max: 30_000 })
    .map((depth) => Buffer.from(`${"[".repeat(depth)}${"]".repeat(depth)}`));
  const nestedKey = fc
    .integer({ min: 1, max: 5000 })
    .map((depth) =>
      Buffer.from(`{"model":"openclaw","messages":[],"x":${'{"\\u0061":'.repeat(depth)}1${"}".repeat(depth)}}`),
    );

  test("as a body, the answer is a stable code, never a failure of ours, and one record", async () => {
    reply = { chunks: [fine] };
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 5, arbitrary: mutated }, bytes, nested, nestedKey), async (body) => {
        const { status, code } = await ask(body);
        expect(status).toBeLessThan(500);
        if (status !== 200) expect(ERRORS).toHaveProperty([code ?? "none"]);
        expect(entries).toHaveLength(1);
      }),
      { numRuns: 1000 },
    );
  });

  test("keys that could change a prototype are refused wherever and however they are written", async () => {
    const escaped = (word: string) =>
      [...word].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    const spelled = (word: string) => fc.constantFrom(word, escaped(word), escaped(word[0] ?? "") + word.slice(1));
    const poison = fc.oneof(
      spelled("__proto__").map((key) => `"${key}":{"polluted":1}`),
      fc
        .tuple(spelled("constructor"), spelled("prototype"))
        .map(([key, inner]) => `"${key}":{"${inner}":{"polluted":1}}`),
    );
    const around = fc.constantFrom<(text: string) => string>(
      (text) => `{"model":"openclaw","messages":[{"role":"user","content":"x"}],${text}}`,
      (text) => `{"model":"openclaw","messages":[{"role":"user","content":"x",${text}}]}`,
      (text) => `{"model":"openclaw","messages":[{"role":"user","content":"x"}],"a":[[{"b":{${text}}}]]}`,
    );
    await fc.assert(
      fc.asyncProperty(poison, around, async (text, wrap) => {
        expect(await ask(wrap(text))).toMatchObject({ status: 400, code: "request/invalid-json" });
        expect(Reflect.get({}, "polluted")).toBeUndefined();
      }),
      { numRuns: 100 },
    );
    const harmless = chat({ messages: [{ role: "user", content: "the __proto__ and the constructor: prototype" }] });
    expect((await ask(JSON.stringify(harmless))).status).toBe(200);
  });

  test("bytes that are no UTF-8 are refused, in whatever field they are", async () => {
    const invalid = fc.constantFrom([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]);
    await fc.assert(
      fc.asyncProperty(invalid, async (sequence) => {
        const [before, after] = JSON.stringify(chat()).split("hello") as [string, string];
        const body = Buffer.concat([Buffer.from(before), Buffer.from(sequence), Buffer.from(after)]);
        expect(await ask(body)).toMatchObject({ status: 400, code: "request/invalid-json" });
      }),
    );
  });

  test("as headers, the answer is a stable code and never a failure of ours", async () => {
    const value = fc.oneof(
      fc.string({ maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, "?")),
      fc.constantFrom(
        "0",
        "-1",
        "9".repeat(40),
        "Bearer",
        "Bearer  ",
        `Bearer ${"x".repeat(5000)}`,
        "text/plain",
        "gzip",
        "*",
      ),
      fc.string({ maxLength: 10 }).map((text) =>
        Buffer.from(text)
          .toString("latin1")
          .replace(/[^\x20-\x7e\x80-\xff]/g, "?"),
      ),
    );
    const names = [
      "x-tenant-id",
      "x-conversation-id",
      "traceparent",
      "content-type",
      "authorization",
      "accept",
      "content-encoding",
    ];
    const headers = fc.dictionary(
      fc.constantFrom(...names, "transfer-encoding", "x-forwarded-for"),
      fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 })),
      { maxKeys: 4 },
    );
    reply = { chunks: [fine] };
    await fc.assert(
      fc.asyncProperty(headers, async (extra) => {
        const { status, code } = await ask(JSON.stringify(chat()), extra);
        expect(status).toBeLessThan(500);
        if (status !== 200) expect(ERRORS).toHaveProperty([code ?? "none"]);
        expect(entries).toHaveLength(1);
      }),
      { numRuns: 700 },
    );
  });
});

describe("whatever a cell answers", () => {
  const fragment = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .string({ maxLength: 8 })
        .map((content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`),
    },
    fc.constantFrom(
      "data: [DONE]\n\n",
      ": note\n\n",
      "data:\n\n",
      "\n\n",
      "\r\n\r\n",
      "data: {\n\n",
      "event: x\ndata: {}\n\n",
      "data: null\n\n",
    ),
    fc.constantFrom(
      'data: {"error":{"message":"x"}}\n\n',
      'data: {"choices":[],"usage":{"prompt_tokens":-1}}\n\n',
      'data: {"choices":7}\n\n',
    ),
    fc.string({ unit: "binary", maxLength: 10 }),
  );
  const cut = fc
    .tuple(fc.array(fragment, { maxLength: 8 }), fc.array(fc.nat(200), { maxLength: 6 }))
    .map(([parts, places]) => {
      const all = Buffer.from(parts.join(""));
      const edges = [0, ...places.map((place) => place % (all.length + 1)).sort((a, b) => a - b), all.length];
      return edges.slice(1).map((end, index) => all.subarray(edges[index], end));
    });
  const failure = fc.option(fc.constantFrom("timeout" as const, "broken" as const), { nil: undefined });

  test("as a stream, the client gets whole events that end in [DONE] or in an error with a stable code", async () => {
    await fc.assert(
      fc.asyncProperty(cut, failure, async (chunks, how) => {
        reply = how === undefined ? { chunks } : { chunks, failure: how };
        const { status, body, code } = await ask(JSON.stringify(chat({ stream: true })));
        const done = body.endsWith("data: [DONE]\n\n");
        if (!done) expect(ERRORS).toHaveProperty([code ?? "none"]);
        else expect(body.indexOf("data: [DONE]")).toBe(body.length - "data: [DONE]\n\n".length);
        if (status === 200) expect(body).toMatch(/\n\n$/);
        expect(entries).toHaveLength(1);
        expect(entries[0]?.code === "ok" || entries[0]?.code === "cell/run-failed").toBe(done);
      }),
      { numRuns: 1000 },
    );
  });

  test("as a whole reply, the client gets a completion or a stable code", async () => {
    const shape = fc.oneof(
      fc.json(),
      fc
        .record({ choices: fc.jsonValue(), usage: fc.jsonValue(), error: fc.jsonValue() }, { requiredKeys: [] })
        .map((value) => JSON.stringify(value)),
      fc.string(),
      fc.constant(fine),
      fc.integer({ min: 100, max: 40_000 }).map((depth) => `{"choices":[${"[".repeat(depth)}${"]".repeat(depth)}]}`),
    );
    const status = fc.constantFrom(200, 200, 200, 201, 204, 301, 400, 401, 404, 413, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(shape, status, failure, async (text, sent, how) => {
        reply = { status: sent, chunks: [text], ...(how === undefined ? {} : { failure: how }) };
        const answer = await ask(JSON.stringify(chat()));
        if (answer.status === 200) expect(JSON.parse(answer.body)).toHaveProperty("choices");
        else expect(ERRORS).toHaveProperty([answer.code ?? "none"]);
        expect(entries).toHaveLength(1);
      }),
      { numRuns: 700 },
    );
  });
});

test("four thousand failing requests leave nothing behind", async () => {
  reply = { chunks: ["{"] };
  const bodies = [
    "{",
    JSON.stringify(chat()),
    JSON.stringify(chat({ stream: true })),
    JSON.stringify(chat({ model: "x" })),
  ];
  const round = async (count: number): Promise<number> => {
    for (let index = 0; index < count; index += 4) await Promise.all(bodies.map((body) => ask(body)));
    global.gc?.();
    return process.memoryUsage().heapUsed;
  };
  await round(1000);
  const before = await round(400);
  const after = await round(4000);
  expect(after - before).toBeLessThan(60_000_000);
  expect(await door.metrics.text()).toMatch(/breakwater_requests_in_flight\{[^}]*\} 0/);
});

test("when the disk of the audit log is gone, nothing is served, and what was asked is not done", async () => {
  const broken = await openFrontDoor();
  try {
    rmSync(broken.auditDirectory, { recursive: true });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        broken.app.inject({
          method: "POST",
          url: "/v1/chat/completions",
          headers: broken.bearer("marketing", "user"),
          payload: chat(),
        }),
      ),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([503]));
    expect(new Set(answers.map((answer) => answer.json().error.code))).toEqual(new Set(["audit/unavailable"]));
    const seen = broken.seen.length;
    const again = await broken.app.inject({
      method: "POST",
      url: "/v1/chat/completions",
      headers: broken.bearer("marketing", "user"),
      payload: chat(),
    });
    expect([again.statusCode, broken.seen.length]).toEqual([503, seen]);
  } finally {
    await broken.close();
  }
});
