import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Breaker } from "../../../../runtime/router/call/breaker.ts";
import { failureOfStatus, nextStep } from "../../../../runtime/router/call/failover.ts";
import { RetryBudget } from "../../../../runtime/router/call/retry-budget.ts";
import {
  chunk,
  completion,
  DONE,
  json,
  says,
  sse,
  stream,
  USAGE_EVENT,
} from "../../../support/providers/scripted-provider.ts";
import { COST_OF_USAGE, chat, codeOf, Harness } from "./harness.ts";

const CARD = "4111 1111 1111 1111";

describe("cheap first", () => {
  let router: Harness;
  beforeAll(async () => {
    router = await Harness.start({
      tenants: [{ cheap_first: { provider: "cheap", model: "small", max_prompt_bytes: 300 } }],
      settings: { breaker: { failures: 1_000_000 } },
    });
  });
  beforeEach(() => router.reset());
  afterAll(() => router.close());
  const asked = () => [router.providers.cheap.seen.length, router.providers.first.seen.length];

  test.each([false, true])("a small request goes to the cheap model and to no other (stream: %s)", async (streamed) => {
    expect((await router.post(chat({ stream: streamed }))).body).toContain("hello");
    expect(asked()).toEqual([1, 0]);
    expect(router.audit.entries[0]).toMatchObject({ provider: "cheap", model: "small" });
  });

  test("a large request goes to the chain", async () => {
    await router.post(chat({ stop: "x".repeat(300) }));
    expect(asked()).toEqual([0, 1]);
  });

  const message = (extra: object, finish_reason = "stop") =>
    completion(null, { choices: [{ index: 0, message: { role: "assistant", content: "", ...extra }, finish_reason }] });
  test.each([
    ["was cut", message({ content: "half" }, "length")],
    ["was filtered", message({ content: "half" }, "content_filter")],
    ["refuses", message({ refusal: "no" })],
    ["says nothing", message({})],
  ])("an answer that %s goes on to the chain, and both are paid", async (_what, useless) => {
    router.providers.cheap.script = json(200, useless);
    expect((await router.post(chat())).body).toContain("hello");
    expect(asked()).toEqual([1, 1]);
    expect(router.audit.entries[0]).toMatchObject({
      provider: "first",
      tokens_in: 20,
      cost_micro_usd: 2 * COST_OF_USAGE,
    });
    expect(router.budget.usage.map(({ provider }) => provider)).toEqual(["cheap", "first"]);
  });

  test("a call of a tool is an answer", async () => {
    const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
    router.providers.cheap.script = json(200, message({ content: null, tool_calls: [call] }, "tool_calls"));
    await router.post(chat());
    expect(asked()).toEqual([1, 0]);
  });

  test.each([400, 500])("a failure of the cheap model (%s) goes on to the chain", async (status) => {
    router.providers.cheap.script = json(status, {});
    expect((await router.post(chat())).body).toContain("hello");
    expect(asked()).toEqual([1, 1]);
  });

  test("a stream that says nothing goes on to the chain; one that has spoken does not", async () => {
    router.providers.cheap.script = sse(
      chunk({ role: "assistant", content: "" }) + chunk({}, "length") + USAGE_EVENT + DONE,
    );
    expect((await router.post(chat({ stream: true }))).body).toContain("hello");
    expect(asked()).toEqual([1, 1]);
    router.reset();
    router.providers.cheap.script = sse(chunk({ content: "half" }) + chunk({}, "length") + DONE);
    expect((await router.post(chat({ stream: true }))).body).toContain("half");
    expect(asked()).toEqual([1, 0]);
  });
});

describe("screening", () => {
  let router: Harness;
  beforeAll(async () => {
    router = await Harness.start({
      tenants: [{ internal: { provider: "inside", model: "llama" } }, { id: "bare" }],
      settings: { breaker: { failures: 1_000_000 } },
      screening: {
        rules: [
          { name: "ssn", action: "redact", pattern: "\\b\\d{3}-\\d{2}-\\d{4}\\b" },
          { name: "card", action: "block", detector: "payment-card" },
          { name: "keep", action: "route", pattern: "projekt x" },
        ],
      },
    });
  });
  beforeEach(() => router.reset());
  afterAll(() => router.close());
  const ask = (content: string, extra: object = {}) => chat({ messages: [{ role: "user", content }], ...extra });

  test.each([
    ["what a person says", { role: "user", content: CARD }],
    ["a part of it", { role: "user", content: [{ type: "text", text: CARD }] }],
    ["a tool's result", { role: "tool", tool_call_id: "c", content: CARD }],
    [
      "arguments of a call",
      {
        role: "assistant",
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: JSON.stringify({ card: CARD }) } }],
      },
    ],
  ])("a blocked match in %s reaches no provider and no record", async (_where, message) => {
    const reply = await router.post(chat({ messages: [{ role: "user", content: "x" }, message] }));
    expect([reply.status, codeOf(reply)]).toEqual([403, "screening/blocked"]);
    expect(router.providers.first.seen).toEqual([]);
    expect(router.audit.entries[0]).toMatchObject({
      code: "screening/blocked",
      rules: ["card:block"],
      decision: "deny",
    });
    expect(JSON.stringify(router.audit.entries) + reply.body).not.toContain("4111");
  });

  test("a redacted match leaves redacted", async () => {
    await router.post(ask("my number is 123-45-6789, thanks"));
    expect(JSON.stringify(router.providers.first.seen[0]?.body)).not.toContain("123-45-6789");
    expect(router.audit.entries[0]?.rules).toEqual(["ssn:redact"]);
  });

  test("what must stay inside goes to the internal model alone, whatever that does; without one it is refused", async () => {
    await router.post(ask("about projekt x"));
    expect([router.providers.inside.seen.length, router.providers.first.seen.length]).toEqual([1, 0]);
    router.providers.inside.script = json(500, {});
    expect((await router.post(ask("about projekt x"))).status).toBe(502);
    expect(codeOf(await router.post(ask("about projekt x"), "key-bare"))).toBe("screening/no-internal-model");
    expect([router.providers.first.seen.length, router.providers.second.seen.length]).toEqual([0, 0]);
  });

  test("a reply with a match is blocked or redacted, and paid", async () => {
    router.providers.first.script = says(`your card is ${CARD}`);
    const whole = await router.post(ask("x"));
    expect([whole.status, codeOf(whole)]).toEqual([403, "screening/blocked-reply"]);
    expect(router.budget.spentMicroUsd).toBe(COST_OF_USAGE);
    router.providers.first.script = says("it is 123-45-6789 indeed");
    expect((await router.post(ask("x"))).body).toContain("it is [redacted:ssn] indeed");
  });

  test("a match that is cut in a stream does not leave", async () => {
    router.providers.first.script = sse(stream("your card is 4111 11", "11 1111 ", "1111, ok"));
    const reply = await router.post(ask("x", { stream: true }));
    expect(reply.body).not.toContain("1111");
    expect(reply.body).toContain("screening/blocked-reply");
    expect(reply.body).not.toContain("[DONE]");
    expect(router.audit.entries[0]).toMatchObject({ code: "screening/blocked-reply", rules: ["card:block"] });
    router.providers.first.script = sse(stream("it is 123-4", "5-6789 in", "deed"));
    expect((await router.post(ask("x", { stream: true }))).body).not.toContain("6789");
  });

  test("what a provider says about a request may quote it: it is screened", async () => {
    router.providers.first.script = json(400, {
      error: { message: "bad: 123-45-6789", type: "t", code: "context_length_exceeded" },
    });
    const reply = await router.post(ask("x"));
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([
      400,
      { message: "bad: [redacted:ssn]", type: "t", code: "context_length_exceeded", param: null },
    ]);
    router.providers.first.script = json(400, { error: { message: `bad: ${CARD}` } });
    expect(codeOf(await router.post(ask("x")))).toBe("provider/rejected-request");
  });
});

describe("the breaker", () => {
  test("opens after failures in a row, lets one probe through after its time, and closes when that succeeds", () => {
    let now = 0;
    const breaker = new Breaker({ failures: 3, openMs: 1000, nowMs: () => now });
    const fail = () => {
      expect(breaker.enter()).toBe(true);
      breaker.failed();
    };
    fail();
    fail();
    breaker.enter();
    breaker.succeeded();
    fail();
    fail();
    expect(breaker.waitMs()).toBe(0);
    fail();
    expect([breaker.enter(), breaker.waitMs()]).toEqual([false, 1000]);
    now = 1000;
    expect([breaker.enter(), breaker.enter()]).toEqual([true, false]);
    breaker.failed();
    expect([breaker.enter(), breaker.waitMs()]).toEqual([false, 1000]);
    now = 2000;
    expect(breaker.enter()).toBe(true);
    breaker.left();
    expect(breaker.enter()).toBe(true);
    breaker.succeeded();
    expect([breaker.enter(), breaker.enter()]).toEqual([true, true]);
  });

  test("a provider that keeps failing is left alone; when all are, the cell is told when to come back", async () => {
    const router = await Harness.start({ settings: { breaker: { failures: 2, open_seconds: 30 } } });
    let now = 0;
    router.nowMs = () => now;
    router.providers.first.script = json(500, {});
    for (let sent = 0; sent < 4; sent += 1) expect((await router.post(chat())).status).toBe(200);
    expect([router.providers.first.seen.length, router.providers.second.seen.length]).toEqual([2, 4]);
    router.providers.second.script = json(500, {});
    await router.post(chat());
    await router.post(chat());
    const reply = await router.post(chat());
    expect([reply.status, codeOf(reply), reply.headers["retry-after"]]).toEqual([503, "provider/unavailable", "30"]);
    expect([router.providers.first.seen.length, router.providers.second.seen.length]).toEqual([2, 6]);
    now = 30_000;
    router.providers.first.script = says("hello");
    expect((await router.post(chat())).status).toBe(200);
    expect(router.providers.first.seen).toHaveLength(3);
    await router.close();
  });
});

describe("what comes after a failure", () => {
  const situation = {
    failure: failureOfStatus(500, undefined),
    tries: 1,
    repeatsPerProvider: 1,
    hasNext: true,
    cheap: false,
    remainingMs: 10_000,
    jitter: 0,
    takeRepeat: () => true,
  };
  test("repeats wait longer each time, and not beyond the cell's time", () => {
    expect(nextStep(situation)).toEqual({ step: "repeat", afterMs: 50 });
    expect(nextStep({ ...situation, tries: 2, repeatsPerProvider: 3, jitter: 1 })).toEqual({
      step: "repeat",
      afterMs: 200,
    });
    expect(nextStep({ ...situation, tries: 2 })).toEqual({ step: "next" });
    expect(nextStep({ ...situation, remainingMs: 40 })).toEqual({ step: "next" });
    expect(nextStep({ ...situation, remainingMs: 0 })).toEqual({ step: "answer" });
    expect(nextStep({ ...situation, takeRepeat: () => false, hasNext: false })).toEqual({ step: "answer" });
  });
  test("the retry budget begins with a few repeats and grows with requests only", () => {
    const budget = new RetryBudget(10);
    let taken = 0;
    while (budget.take()) taken += 1;
    expect(taken).toBe(10);
    for (let request = 0; request < 20; request += 1) budget.requested();
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
    expect(new RetryBudget(0).take()).toBe(false);
  });
});
