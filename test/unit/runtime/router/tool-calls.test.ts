import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Harness } from "./harness.ts";

let router: Harness;
beforeAll(async () => {
  router = await Harness.start({ tenants: [{}, { id: "u" }] });
});
beforeEach(() => router.reset());
afterAll(() => router.close());

const record = (extra: object = {}) => ({
  id: "r1",
  kind: "called",
  time: "2026-11-23T12:00:00.000Z",
  agent: "writer",
  session: "s",
  conversation: "c",
  trace_id: "a".repeat(32),
  run: "r",
  call: "call_1",
  tool: "exec",
  decision: "allow",
  rule: null,
  skill: null,
  outcome: null,
  duration_ms: null,
  ...extra,
});
const send = (payload: unknown, key = "key-t") =>
  router.app.inject({
    method: "POST",
    url: "/v1/audit/tool-calls",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    payload: payload as object,
  });

test("a tool call is in the log before it is acknowledged, of the key's tenant and of no other", async () => {
  const reply = await send({
    records: [record({ tenant: "u" }), record({ id: "r2", decision: "deny", rule: "rm -rf /" })],
  });
  expect([reply.statusCode, reply.json()]).toEqual([200, { accepted: 2 }]);
  expect(router.audit.entries).toMatchObject([
    {
      kind: "tool",
      tenant: "t",
      action: "tool:exec",
      decision: "allow",
      code: "ok",
      agent: "writer",
      conversation: "c",
      target: "called:r1",
    },
    {
      kind: "tool",
      tenant: "t",
      decision: "deny",
      code: "tool/denied",
      rules: ["rm -rf /:block"],
      target: "called:r2",
    },
  ]);
});

test("what is delivered again is written once, and another tenant's same id is another call", async () => {
  await send({ records: [record({ id: "again" }), record({ id: "again" })] });
  await send({ records: [record({ id: "again" })] });
  await send({ records: [record({ id: "again" })] }, "key-u");
  expect(router.audit.entries.map(({ tenant }) => tenant)).toEqual(["t", "u"]);
});

test("what could not be written is not acknowledged, and is written when it comes again", async () => {
  router.audit.broken = true;
  const reply = await send({ records: [record({ id: "lost" })] });
  expect([reply.statusCode, reply.json().error.code]).toEqual([503, "audit/unavailable"]);
  router.audit.broken = false;
  expect((await send({ records: [record({ id: "lost" })] })).statusCode).toBe(200);
  expect(router.audit.entries).toHaveLength(1);
});

test("anything else is refused with a code", async () => {
  const cases: [unknown, string, string?][] = [
    [{ records: [{ id: "x" }] }, "request/invalid-body"],
    [{}, "request/invalid-body"],
    [
      { records: Array.from({ length: 1001 }, (_, id) => ({ id: `${id}`, tool: "f", decision: "allow" })) },
      "request/invalid-body",
    ],
    [{ records: [] }, "identity/unknown-key", "nobody"],
  ];
  for (const [payload, code, key] of cases) expect((await send(payload, key)).json().error.code).toBe(code);
  expect(router.audit.entries).toEqual([]);
});

test("a skill's use is counted under its name, and a call once for its two records", async () => {
  await send({
    records: [
      record({ id: "k1", tool: "read", skill: "content-gen" }),
      record({ id: "k2", kind: "finished", outcome: "ok", duration_ms: 5 }),
    ],
  });
  const text = await router.metrics.text();
  expect(text.match(/openclaw_skill_execution_total\{.*/g)?.join("\n")).not.toContain("k2");
  expect(router.audit.entries[1]).toMatchObject({ duration_ms: 5, target: "finished:k2" });
});
