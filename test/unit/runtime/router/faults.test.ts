import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Bill, FAULTS, LATE_FAULTS, STREAM_FAULTS, WHOLE_FAULTS } from "../../../support/providers/faults.ts";
import { completion, json, type Script, says } from "../../../support/providers/scripted-provider.ts";
import { COST_OF_USAGE, chat, Harness } from "./harness.ts";

/** Every fault x (whole, stream): what is tried next, what is paid, what is answered and recorded. */
let router: Harness;

beforeAll(async () => {
  // The breaker has tests of its own; here it must not get in between.
  const settings = { breaker: { failures: 1_000_000 } };
  router = await Harness.start({ settings, timeouts: { connectMs: 1000, firstByteMs: 300, totalMs: 5000 } });
});
beforeEach(() => router.reset());
afterAll(() => router.close());

const both = [
  ...FAULTS.map((fault) => ({ ...fault, stream: false })),
  ...FAULTS.map((fault) => ({ ...fault, stream: true })),
];
const early = [
  ...both,
  ...WHOLE_FAULTS.map((fault) => ({ ...fault, stream: false })),
  ...STREAM_FAULTS.map((fault) => ({ ...fault, stream: true })),
].map((fault) => ({ ...fault, form: fault.stream ? "stream" : "whole" }));

/** Every reservation ended once, the one of the fault as it should. */
function expectBill(bill: Bill, place: number): void {
  const [ended] = router.budget.reservations.slice(place, place + 1);
  if (bill === "nothing") expect(ended?.settled).toBeNull();
  if (bill === "worst") expect(ended?.settled).toBe(ended?.reserved);
  for (const each of router.budget.reservations) expect(each.settled).not.toBeUndefined();
}

describe.each(early)("a provider with $name ($form)", ({ script, stream, code, bill, next }) => {
  test("is followed by the next provider where that can help, and is paid for what it may have done", async () => {
    router.providers.first.script = script;
    const reply = await router.post(chat({ stream }));
    expect(router.providers.second.seen.length).toBe(next ? 1 : 0);
    expect(reply.body.includes("hello")).toBe(next);
    expectBill(bill, 0);
    const cost = (bill === "worst" ? (router.budget.reservations[0]?.reserved ?? 0) : 0) + (next ? COST_OF_USAGE : 0);
    expect(router.budget.spentMicroUsd).toBe(cost);
    const [entry, ...more] = router.audit.entries;
    expect([entry?.code, entry?.provider, more.length]).toEqual(next ? ["ok", "second", 0] : [code, "first", 0]);
    expect(entry?.cost_micro_usd ?? 0).toBe(cost);
  });

  test("is told under one code when no other provider answers", async () => {
    router.providers.first.script = script;
    router.providers.second.script = script;
    const reply = await router.post(chat({ stream }));
    expect(reply.broken).toBe(false);
    expect(router.audit.entries.map(({ code: recorded }) => recorded)).toEqual([code]);
    if (code !== "provider/rejected-request") expect(JSON.parse(reply.body).error.code).toBe(code);
    expectBill(bill, 0);
    if (next) expectBill(bill, 1);
  });
});

describe.each(LATE_FAULTS)("a stream with $name after the model has spoken", ({ script, code }) => {
  test("ends in an error, is never begun again by another provider, and is paid for once", async () => {
    router.providers.first.script = script;
    const reply = await router.post(chat({ stream: true }));
    expect(router.providers.second.seen).toEqual([]);
    expect(router.providers.first.seen).toHaveLength(1);
    expect(reply.status).toBe(200);
    expect(reply.broken).toBe(false);
    expect(reply.body.includes("[DONE]")).toBe(false);
    const last = reply.body.trimEnd().split("\n\n").at(-1) ?? "";
    expect(JSON.parse(last.slice("data: ".length)).error.code).toBe(code);
    expect(router.budget.reservations).toHaveLength(1);
    expectBill("worst", 0);
    expect(router.audit.entries.map(({ code: recorded, status }) => [recorded, status])).toEqual([[code, 200]]);
  });
});

describe("usage that cannot be true", () => {
  const absurd = [
    { prompt_tokens: -1, completion_tokens: 5 },
    { prompt_tokens: 10, completion_tokens: -5 },
    { prompt_tokens: 1e15, completion_tokens: 5 },
    { prompt_tokens: 10, completion_tokens: 101 },
    { prompt_tokens: 10.5, completion_tokens: 5 },
    { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 11 } },
    { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: -11 } },
  ];
  test.each(absurd)("%j counts as the worst case, and no more", async (usage) => {
    router.providers.first.script = json(200, completion("hello", { usage }));
    expect((await router.post(chat())).status).toBe(200);
    expectBill("worst", 0);
  });

  test.each([undefined, null, "10", { prompt_tokens: "10" }])(
    "usage %j is bounded by the answer's size",
    async (usage) => {
      router.providers.first.script = json(200, completion("x".repeat(20), { usage }));
      await router.post(chat({ max_tokens: 90 }));
      const [ended] = router.budget.reservations;
      expect(ended?.settled).toBeGreaterThan(0);
      expect(ended?.settled).toBeLessThanOrEqual(ended?.reserved ?? 0);
    },
  );
});

describe("repeats", () => {
  let repeating: Harness;
  beforeAll(async () => {
    const settings = { retries: { per_provider: 1, percent: 10 }, breaker: { failures: 1_000_000 } };
    repeating = await Harness.start({ settings });
  });
  afterAll(() => repeating.close());
  beforeEach(() => repeating.reset());

  function once(fault: Script): Script {
    let done = false;
    return (response, request) => {
      const script = done ? says("hello") : fault;
      done = true;
      script(response, request);
    };
  }

  test("a provider that certainly did nothing is asked again before the next one", async () => {
    repeating.providers.first.script = once(json(500, {}));
    expect((await repeating.post(chat())).status).toBe(200);
    expect([repeating.providers.first.seen.length, repeating.providers.second.seen.length]).toEqual([2, 0]);
  });

  test("a short Retry-After is waited for, a long one is not", async () => {
    repeating.providers.first.script = once(json(429, {}, { "retry-after": "0" }));
    await repeating.post(chat());
    expect([repeating.providers.first.seen.length, repeating.providers.second.seen.length]).toEqual([2, 0]);
    repeating.providers.first.script = once(json(429, {}, { "retry-after": "3" }));
    await repeating.post(chat());
    expect([repeating.providers.first.seen.length, repeating.providers.second.seen.length]).toEqual([3, 1]);
  });

  test("a cell that goes away between two tries ends them", async () => {
    repeating.providers.first.script = json(429, {}, { "retry-after": "1" });
    const request = repeating.open(chat());
    request.on("error", () => {});
    await vi.waitFor(() => expect(repeating.budget.reservations[0]?.settled).toBeNull());
    request.destroy();
    await vi.waitFor(() => expect(repeating.audit.entries).toHaveLength(1));
    expect(repeating.audit.entries[0]).toMatchObject({ code: "client/aborted", cost_micro_usd: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect([repeating.providers.first.seen.length, repeating.providers.second.seen.length]).toEqual([1, 0]);
  });

  test("a provider that may have billed is not asked the same again", async () => {
    repeating.providers.first.script = once((response) => void response.socket?.destroy());
    await repeating.post(chat());
    expect([repeating.providers.first.seen.length, repeating.providers.second.seen.length]).toEqual([1, 1]);
  });

  test("repeats end when their share of all requests is used up", async () => {
    repeating.providers.first.script = json(500, {});
    for (let sent = 0; sent < 30; sent += 1) await repeating.post(chat());
    // Ten at the beginning and a tenth of thirty, less those of the tests before.
    expect(repeating.providers.first.seen.length - 30).toBeLessThanOrEqual(13);
    expect(repeating.providers.second.seen).toHaveLength(30);
  });
});

test("a provider that takes no connections did nothing", async () => {
  const away = await Harness.start({
    providers: { first: { kind: "vllm", base_url: "http://127.0.0.1:1/v1", jurisdiction: "us", internal: false } },
  });
  expect((await away.post(chat())).status).toBe(200);
  expect(away.budget.reservations.map(({ settled }) => settled)).toEqual([null, COST_OF_USAGE]);
  await away.close();
});
