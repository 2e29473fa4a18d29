import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { requireShares } from "../../../../runtime/front-door/access/limit-shares.ts";
import { chat, completion, type DoorOptions, type FrontDoor, openFrontDoor } from "./fixture.ts";

let door: FrontDoor;
afterEach(() => door.close());

const clock = { ms: 1000 };
const open = async (options: DoorOptions) => {
  clock.ms = 1000;
  door = await openFrontDoor({ ...options, deps: { nowMs: () => clock.ms, ...options.deps } });
};
const ask = (tenant = "marketing", role = "user", payload = chat()) =>
  door.app.inject({ method: "POST", url: "/v1/chat/completions", headers: door.bearer(tenant, role), payload });
const codeOf = (reply: { statusCode: number; json: () => { error?: { code: string } } }) => [
  reply.statusCode,
  reply.json().error?.code ?? "ok",
];

describe("requests per minute", () => {
  test("a key that sends more gets 429 with when to come back, a record, and no cell", async () => {
    await open({ keyLimits: { requests_per_minute: 2 } });
    const first = await ask();
    expect(first.headers).toMatchObject({
      "x-ratelimit-limit-requests": "2",
      "x-ratelimit-remaining-requests": "1",
      "x-ratelimit-reset-requests": "30s",
    });
    await ask();
    const refused = await ask();
    expect(codeOf(refused)).toEqual([429, "limits/rate"]);
    expect(refused.json().error.type).toBe("rate_limit_error");
    expect(refused.headers).toMatchObject({
      "retry-after": "30",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "1m0s",
    });
    expect(door.seen).toHaveLength(2);
    expect((await door.records()).at(-1)).toMatchObject({ code: "limits/rate", decision: "deny", status: 429 });
    clock.ms += 30_000;
    expect(codeOf(await ask())).toEqual([200, "ok"]);
  });

  test("a tenant's limit holds over all of its keys and no other tenant's", async () => {
    await open({ settings: { limits: { per_tenant: { requests_per_minute: 1 } } } });
    expect(codeOf(await ask("marketing", "user"))).toEqual([200, "ok"]);
    expect(codeOf(await ask("marketing", "admin"))).toEqual([429, "limits/rate"]);
    expect(codeOf(await ask("engineering", "user"))).toEqual([200, "ok"]);
  });

  test("other routes count as well", async () => {
    await open({ keyLimits: { requests_per_minute: 1 } });
    const url = "/api/memory/search?q=x";
    expect((await door.app.inject({ url, headers: door.bearer("marketing", "user") })).statusCode).toBe(200);
    const refused = await door.app.inject({ url, headers: door.bearer("marketing", "user") });
    expect([...codeOf(refused), refused.headers["retry-after"]]).toEqual([429, "limits/rate", "60"]);
  });

  test("each of several replicas grants its share only", async () => {
    await open({ settings: { replicas: 2, limits: { per_key: { requests_per_minute: 5 } } } });
    expect([codeOf(await ask()), codeOf(await ask())]).toEqual(Array(2).fill([200, "ok"]));
    expect(codeOf(await ask())).toEqual([429, "limits/rate"]);
  });

  test("limits smaller than the number of replicas are refused at start, all at once", async () => {
    await open({});
    const limits = { per_key: { requests_per_minute: 1 }, per_tenant: {} };
    const tenants = door.settings.tenants.map((tenant) => ({ ...tenant, limits: { concurrent_requests: 2 } }));
    expect(() => requireShares({ ...door.settings, replicas: 3, limits, tenants })).toThrow(
      /\[limits\/below-replicas\] limits\.per_key\.requests_per_minute: got 1.*\n.*tenants\[0\]\.limits\.concurrent_requests/,
    );
    expect(() => requireShares({ ...door.settings, replicas: 1, limits, tenants })).not.toThrow();
  });
});

describe("requests at a time", () => {
  test("one more than allowed is 429 at once, and fits when another has ended", async () => {
    await open({ keyLimits: { concurrent_requests: 1 } });
    let waiting: ServerResponse | undefined;
    door.answer = (response) => {
      waiting = response;
    };
    const running = ask();
    await vi.waitFor(() => expect(waiting).toBeDefined());
    const refused = await ask();
    expect([...codeOf(refused), refused.headers["retry-after"]]).toEqual([429, "limits/concurrency", "1"]);
    expect((await door.records()).at(-1)).toMatchObject({ code: "limits/concurrency", decision: "deny" });
    door.answer = completion;
    completion(waiting as ServerResponse, door.seen[0] as never);
    expect(codeOf(await running)).toEqual([200, "ok"]);
    expect(codeOf(await ask())).toEqual([200, "ok"]);
  });

  test("every way to end gives the place back: refused, failed, broken off", async () => {
    await open({ keyLimits: { concurrent_requests: 1 } });
    for (const bad of [chat({ model: "nobody" }), chat({ n: 2 })])
      expect((await ask("marketing", "user", bad)).statusCode).toBeGreaterThan(399);
    for (const status of [400, 500, 503]) {
      door.answer = (response) => void response.writeHead(status).end("{}");
      expect((await ask()).statusCode).toBeGreaterThan(399);
    }
    door.answer = (response) => void response.destroy();
    expect((await ask()).statusCode).toBe(502);
    door.answer = completion;
    expect(codeOf(await ask())).toEqual([200, "ok"]);
  });
});

describe("a month's budget that is used up", () => {
  const resetsAt = "2026-12-01T00:00:00.000Z";

  test("is 402 with its reset, before the cell is asked", async () => {
    await open({ deps: { budgets: { refusal: (tenant) => (tenant === "marketing" ? { resetsAt } : undefined) } } });
    const reply = await ask();
    expect([...codeOf(reply), reply.headers["x-budget-reset"]]).toEqual([402, "budget/exceeded", resetsAt]);
    expect(reply.json().error.message).toContain(resetsAt);
    expect(door.seen).toEqual([]);
    expect(codeOf(await ask("engineering"))).toEqual([200, "ok"]);
  });

  test("during a run explains why the run failed, whole or streamed", async () => {
    let spent = false;
    await open({ deps: { budgets: { refusal: () => (spent ? { resetsAt } : undefined) } } });
    door.answer = (response) => {
      spent = true;
      response.writeHead(500).end("{}");
    };
    expect(codeOf(await ask())).toEqual([402, "budget/exceeded"]);
    spent = false;
    door.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n');
      spent = true;
      response.end('data: {"error":{"message":"Agent run failed"}}\n\ndata: [DONE]\n\n');
    };
    const streamed = await ask("marketing", "user", chat({ stream: true }));
    expect(streamed.body).toContain('"code":"budget/exceeded"');
    expect(streamed.body).not.toContain("[DONE]");
    expect((await door.records()).at(-1)).toMatchObject({ code: "budget/exceeded", status: 402 });
  });
});
