import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { BudgetRefusal } from "../../../../runtime/budget/index.ts";
import { Money } from "../../../../runtime/router/money/settlement.ts";
import { boundTokensIn, isPlausible, worstCaseMicroUsd } from "../../../../runtime/router/money/worst-case.ts";
import { FAULTS, LATE_FAULTS, STREAM_FAULTS, WHOLE_FAULTS } from "../../../support/providers/faults.ts";
import { MemoryBudget } from "../../../support/providers/memory-budget.ts";
import { chunk, json, says, sse, stream } from "../../../support/providers/scripted-provider.ts";
import { COST_OF_USAGE, chat, codeOf, Harness, provedKey } from "./harness.ts";

let router: Harness;
beforeAll(async () => {
  router = await Harness.start({
    tenants: [
      { budget: { monthly_micro_usd: 1000 } },
      { id: "keyed", budget: { monthly_micro_usd: 1000, agents: { writer: 500 }, keys: { abcd1234: 100 } } },
      { id: "free", chain: [{ provider: "first", model: "nobody-knows" }] },
      { id: "brave", chain: [{ provider: "first", model: "nobody-knows" }], allow_unpriced: true },
    ],
    settings: { breaker: { failures: 1_000_000 } },
  });
});
beforeEach(() => router.reset());
afterAll(() => router.close());

describe("budgets", () => {
  test("the worst case of prompt and token cap is reserved, and what was used is settled", async () => {
    await router.post(chat({ max_tokens: 7 }));
    const [ended] = router.budget.reservations;
    const bytes = Buffer.byteLength(JSON.stringify(router.providers.first.seen[0]?.body));
    expect(ended).toEqual({ reserved: boundTokensIn(bytes, 1, 0) + 2 * 7, settled: COST_OF_USAGE });
  });

  test("tenant, agent and key count, each with its own limit", async () => {
    await router.post(chat({ model: "agent-writer" }), "key-keyed", provedKey("keyed", "abcd1234"));
    await router.post(chat({ model: "agent-other" }), "key-keyed", provedKey("keyed", "zzzz1234"));
    const tenant = { kind: "tenant", tenant: "keyed", id: "", limitMicroUsd: 1000 };
    expect(router.budget.asked).toEqual([
      [
        tenant,
        { kind: "agent", tenant: "keyed", id: "writer", limitMicroUsd: 500 },
        { kind: "key", tenant: "keyed", id: "abcd1234", limitMicroUsd: 100 },
      ],
      [tenant],
    ]);
  });

  test("a tenant whose keys have budgets spends nothing for a request that proves no key", async () => {
    for (const headers of [{}, provedKey("t", "abcd1234")]) {
      const reply = await router.post(chat(), "key-keyed", headers);
      expect([reply.status, codeOf(reply)]).toEqual([403, "budget/unattributed"]);
    }
    expect([router.budget.asked, router.providers.first.seen]).toEqual([[], []]);
  });

  test.each([false, true])(
    "a used-up budget is a 402 with the reset time, and no provider is asked (later: %s)",
    async (later) => {
      router.budget.later = later;
      router.budget.limitMicroUsd = 1000;
      const reply = await router.post(chat());
      expect([reply.status, codeOf(reply)]).toEqual([402, "budget/exceeded"]);
      expect(JSON.parse(reply.body).error.resets_at).toBe("2026-12-01T00:00:00.000Z");
      expect(Number(reply.headers["retry-after"])).toBe((Date.parse("2026-12-01T00:00:00Z") - router.epochMs) / 1000);
      expect(router.providers.first.seen).toEqual([]);
      expect(router.audit.entries[0]).toMatchObject({ code: "budget/exceeded", decision: "deny" });
    },
  );

  test("budgets that cannot be checked refuse", async () => {
    const scope = { kind: "tenant", tenant: "t", id: "", limitMicroUsd: 1 } as const;
    router.budget.refusal = new BudgetRefusal("budget/unavailable", scope, "2026-11");
    const reply = await router.post(chat());
    expect([reply.status, codeOf(reply), reply.headers["retry-after"]]).toEqual([503, "budget/unavailable", "5"]);
  });

  test("a model without a price is refused, unless the tenant allows it: then it is marked, not counted as 0", async () => {
    const refused = await router.post(chat(), "key-free");
    expect([refused.status, codeOf(refused)]).toEqual([403, "price/unknown"]);
    expect(router.providers.first.seen).toEqual([]);
    expect((await router.post(chat(), "key-brave")).status).toBe(200);
    expect(router.audit.entries.at(-1)).toMatchObject({ code: "ok", cost_micro_usd: null, tokens_in: 10 });
  });

  test("no request costs more than the cap allows: it is clamped, in the field that the server knows", async () => {
    await router.post(chat({ max_completion_tokens: 5000 }));
    await router.post(chat({ max_tokens: 3, max_completion_tokens: 9 }));
    expect(router.providers.first.seen.map(({ body }) => [body["max_tokens"], body["max_completion_tokens"]])).toEqual([
      [100, undefined],
      [3, undefined],
    ]);
  });
});

describe("a cell that goes away", () => {
  test.each([false, true])(
    "before the first byte stops the provider and pays the worst case (stream: %s)",
    async (streamed) => {
      let closed = false;
      router.providers.first.script = (response) =>
        void response.once("close", () => {
          closed = true;
        });
      const request = router.open(chat({ stream: streamed }));
      request.on("error", () => {});
      await vi.waitFor(() => expect(router.providers.first.seen).toHaveLength(1));
      request.destroy();
      await vi.waitFor(() => expect(closed).toBe(true), { timeout: 2000 });
      await vi.waitFor(() => expect(router.audit.entries).toHaveLength(1));
      expect(router.audit.entries[0]).toMatchObject({ code: "client/aborted", status: 499, decision: "allow" });
      const [ended] = router.budget.reservations;
      expect(ended?.settled).toBe(ended?.reserved);
      expect(router.providers.second.seen).toEqual([]);
    },
  );

  test("in the middle of a stream pays for the prompt and what was generated, and no more", async () => {
    const spoken = chunk({ content: "a" });
    router.providers.first.script = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(spoken);
    };
    const long = await Harness.start({ tenants: [{ max_tokens_per_request: 100_000 }] });
    long.providers.first.script = router.providers.first.script;
    const request = long.open(chat({ stream: true }));
    request.on("error", () => {});
    await new Promise((resolve) =>
      request.once("response", (response) => response.once("data", resolve).on("error", () => {})),
    );
    request.destroy();
    await vi.waitFor(() => expect(long.audit.entries).toHaveLength(1));
    const [ended] = long.budget.reservations;
    const promptBound = (ended?.reserved ?? 0) - 2 * 100_000;
    expect(ended?.settled).toBe(promptBound + 2 * spoken.length);
    expect(long.audit.entries[0]).toMatchObject({ code: "client/aborted", cost_micro_usd: ended?.settled });
    await long.close();
  });

  test("while budgets are asked leaves nothing reserved and asks no provider", async () => {
    let admit: () => void = () => {};
    const waiting = await Harness.start();
    const { reserve } = waiting.budget;
    const held = new Promise<void>((resolve) => {
      admit = resolve;
    });
    let asked = false;
    waiting.budget.reserve = (scopes, amount) => {
      asked = true;
      return held.then(() => reserve(scopes, amount));
    };
    // The router took `reserve` from the object, so it sees the new one.
    const request = waiting.open(chat());
    request.on("error", () => {});
    await vi.waitFor(() => expect(asked).toBe(true));
    request.destroy();
    await vi.waitFor(() => expect(waiting.audit.entries).toHaveLength(1));
    admit();
    await vi.waitFor(() => expect(waiting.budget.reservations.map(({ settled }) => settled)).toEqual([null]));
    expect(waiting.providers.first.seen).toEqual([]);
    await waiting.close();
  });
});

test("on every path each reservation ends exactly once, and what is recorded is what is spent", async () => {
  const all = [...FAULTS, ...WHOLE_FAULTS, ...STREAM_FAULTS, ...LATE_FAULTS]
    // Those that only wait for a limit are in the matrix of faults; here they would only take long.
    .filter(({ code }) => code !== "provider/timeout" && code !== "provider/oversize-reply")
    .map(({ script }) => script);
  const scripts = fc.constantFrom(...all, says("hello"), sse(stream("x")), json(200, { choices: [{ message: {} }] }));
  await fc.assert(
    fc.asyncProperty(
      scripts,
      scripts,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 0, max: 6 }),
      async (one, two, streamed, later, hangUp) => {
        router.reset();
        router.budget.later = later;
        router.providers.first.script = one;
        router.providers.second.script = two;
        if (hangUp < 5) await router.post(chat({ stream: streamed }));
        else {
          const request = router.open(chat({ stream: streamed }));
          request.on("error", () => {});
          request.on("finish", () => setTimeout(() => request.destroy(), hangUp - 5));
        }
        await vi.waitFor(() => expect(router.audit.entries).toHaveLength(1));
        // A reservation that came too late for its cell is given back a moment later.
        await vi.waitFor(() =>
          expect(router.budget.reservations.every(({ settled }) => settled !== undefined)).toBe(true),
        );
        const recorded = router.audit.entries.reduce((sum, { cost_micro_usd: cost }) => sum + (cost ?? 0), 0);
        expect(recorded).toBe(router.budget.spentMicroUsd);
        const used = router.budget.usage.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
        expect(used).toBe(router.budget.spentMicroUsd);
        for (const { reserved, settled } of router.budget.reservations)
          expect(settled ?? 0).toBeLessThanOrEqual(reserved);
      },
    ),
    { numRuns: 150 },
  );
}, 30_000);

test("many requests at once never spend more than the budget", async () => {
  router.budget.limitMicroUsd = 10_000;
  router.budget.later = true;
  const held: (() => void)[] = [];
  router.providers.first.script = (response, request) => held.push(() => says("hello")(response, request));
  const sent = Array.from({ length: 60 }, () => router.post(chat()));
  await vi.waitFor(() => expect(router.budget.asked).toHaveLength(60));
  await vi.waitFor(() => expect(held).toHaveLength(router.budget.reservations.length));
  for (const go of held) go();
  const replies = await Promise.all(sent);
  expect(router.budget.peakMicroUsd).toBeLessThanOrEqual(10_000);
  expect(replies.some(({ status }) => status === 402)).toBe(true);
  expect(replies.some(({ status }) => status === 200)).toBe(true);
});

describe("money of one attempt", () => {
  const price = { inputMicroUsd: 3_000_001, cachedInputMicroUsd: 300_000, outputMicroUsd: 15_000_000 };
  test("is never more than was reserved, and closes once whatever is called", () => {
    const tokens = fc.record({ tokensIn: fc.integer(), tokensOut: fc.integer(), cachedIn: fc.integer() });
    const act = fc.oneof(
      tokens.map((usage) => (money: Money) => money.used(usage)),
      fc.nat().map((upTo) => (money: Money) => money.upTo(upTo)),
      fc.constant((money: Money) => money.worst()),
      fc.constant((money: Money) => money.nothing()),
    );
    fc.assert(
      fc.property(fc.nat(1e7), fc.nat(1e5), fc.array(act, { minLength: 1 }), (tokensIn, tokensOut, acts) => {
        const budget = new MemoryBudget();
        const worst = worstCaseMicroUsd(price, tokensIn, tokensOut) ?? 0;
        const reservation = budget.reserve([], worst);
        if (reservation instanceof Promise) throw new Error("not at once");
        const money = new Money(reservation, { price, tokensIn, tokensOut });
        for (const each of acts) each(money);
        expect(budget.reservations[0]?.settled ?? 0).toBeLessThanOrEqual(worst);
        expect(budget.reservedMicroUsd).toBe(0);
        expect(money.charge?.microUsd).toBe(budget.reservations[0]?.settled ?? 0);
      }),
    );
  });

  test("figures that are no counts are not believed", () => {
    expect(isPlausible({ tokensIn: 1, cachedIn: 1, tokensOut: 0 })).toBe(true);
    for (const bad of [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 40]) {
      expect(isPlausible({ tokensIn: bad, cachedIn: 0, tokensOut: 0 })).toBe(false);
      expect(isPlausible({ tokensIn: 1, cachedIn: 0, tokensOut: bad })).toBe(false);
    }
  });
});
