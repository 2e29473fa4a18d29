import { beforeEach, describe, expect, test } from "vitest";
import { BudgetRefusal, type BudgetScope, type Reservation } from "../../../../runtime/budget/index.ts";
import { type Replica, World } from "./world.ts";

const LIMIT = 1_000_000;
const tenant: BudgetScope = { kind: "tenant", tenant: "acme", id: "", limitMicroUsd: LIMIT };
const agent: BudgetScope = { kind: "agent", tenant: "acme", id: "writer", limitMicroUsd: 5000 };

let world: World;
let replica: Replica;
beforeEach(() => {
  world = new World("2026-11-10T00:00:00Z");
  replica = world.start();
});

const reserve = async (amount: number, scopes: readonly BudgetScope[] = [tenant]): Promise<Reservation> =>
  replica.ledger.reserve(scopes, amount);
const period = (month = "2026-11", scope = "acme tenant ") => world.db.periods.get(`${scope} ${month}`);
async function refusal(work: Promise<unknown>): Promise<BudgetRefusal> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BudgetRefusal)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

describe("a reservation", () => {
  test("with room in the lease asks nobody", async () => {
    (await reserve(1000)).settle(10);
    const before = world.requests;
    for (let call = 0; call < 100; call += 1) {
      const reservation = replica.ledger.reserve([tenant], 100);
      expect(reservation).not.toBeInstanceOf(Promise);
      (reservation as Reservation).settle(1);
    }
    expect(world.requests).toBe(before);
  });

  test("ends once: settled or released again, it throws and counts nothing", async () => {
    const settled = await reserve(1000);
    settled.settle(10);
    expect(() => settled.settle(10)).toThrow();
    expect(() => settled.release()).toThrow();
    const released = await reserve(1000);
    released.release();
    expect(() => released.settle(5)).toThrow();
    await world.run(2);
    expect(period()?.spent).toBe(10);
  });

  test("is a whole amount: anything else is refused before it counts", async () => {
    for (const amount of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      await expect(reserve(amount)).rejects.toThrow(RangeError);
    }
    const good = await reserve(10);
    expect(() => good.settle(0.1)).toThrow(RangeError);
    good.settle(1);
  });

  test("takes from all scopes or from none", async () => {
    const refused = await refusal(reserve(6000, [tenant, agent]));
    expect(refused.scope).toEqual(agent);
    expect(refused.code).toBe("budget/exceeded");
    await world.run(2);
    (await reserve(4000, [tenant, agent])).settle(4000);
    await replica.ledger.close();
    expect(period()).toMatchObject({ spent: 4000, leased: 0 });
    expect(period("2026-11", "acme agent writer")).toMatchObject({ spent: 4000, leased: 0 });
  });

  test("that costs more than its worst case counts in full and is reported", async () => {
    (await reserve(1000)).settle(2500);
    expect(world.notices.map(({ code }) => code)).toEqual(["budget/worst-case-exceeded"]);
    await world.run(2);
    expect(period()?.spent).toBe(2500);
    // The next one must first cover what the last one took too much.
    const next = await reserve(LIMIT - 2500);
    await refusal(reserve(1));
    next.release();
  });

  test("names each scope once", () => {
    expect(() => replica.ledger.reserve([tenant, tenant], 10)).toThrow(RangeError);
    expect(() => replica.ledger.reserve([], 10)).toThrow(RangeError);
  });
});

describe("requests that wait", () => {
  test("find room in every scope the next time, however the first time went", async () => {
    const wide = { ...agent, limitMicroUsd: LIMIT };
    (await reserve(1000, [tenant, wide])).settle(10);
    await world.run(1);
    expect(replica.ledger.reserve([tenant, wide], 1000)).not.toBeInstanceOf(Promise);
  });

  test("share one round trip and are served in the order in which they came", async () => {
    const order: number[] = [];
    const waiting = Array.from({ length: 100 }, (_, index) => reserve(15_000).then(() => order.push(index)));
    const results = await Promise.allSettled(waiting);
    expect(world.requests).toBe(1);
    const served = results.filter(({ status }) => status === "fulfilled").length;
    expect(served).toBe(Math.floor(LIMIT / 15_000));
    expect(order).toEqual(Array.from({ length: served }, (_, index) => index));
  });

  test("are refused together without a question each while a refusal is fresh", async () => {
    await reserve(LIMIT);
    await refusal(reserve(10));
    const before = world.requests;
    for (let call = 0; call < 50; call += 1) expect((await refusal(reserve(10))).code).toBe("budget/exceeded");
    expect(world.requests).toBe(before);
  });

  test("are refused with the time at which the month ends", async () => {
    await reserve(LIMIT);
    expect((await refusal(reserve(1))).resetsAt).toBe("2026-12-01T00:00:00.000Z");
  });

  test("are told at once that the database is gone, and served when it is back", async () => {
    replica.link = "gone";
    expect((await refusal(reserve(10))).code).toBe("budget/unavailable");
    const before = world.requests;
    expect((await refusal(reserve(10))).code).toBe("budget/unavailable");
    expect(world.requests).toBe(before);
    replica.link = "good";
    world.pass(1000);
    (await reserve(10)).release();
    expect(world.notices.map(({ code }) => code)).toEqual(["budget/database-lost", "budget/database-back"]);
  });

  test("survive one broken connection unseen", async () => {
    replica.link = "loses-replies";
    const waiting = reserve(10);
    queueMicrotask(() => {
      replica.link = "good";
    });
    (await waiting).release();
    expect(world.notices).toEqual([]);
  });
});

describe("a lease", () => {
  test("is used without the database until its time is over, and not a moment longer", async () => {
    (await reserve(1000)).release();
    replica.link = "gone";
    world.monotonicMs = 29_999;
    (await reserve(100)).release();
    world.monotonicMs = 30_000;
    expect((await refusal(reserve(100))).code).toBe("budget/unavailable");
  });

  test("goes by the monotonic clock: a clock that is set has no effect", async () => {
    (await reserve(1000)).release();
    const before = world.requests;
    world.db.clockMs += 400 * 86_400_000;
    (await reserve(100)).release();
    world.db.clockMs -= 800 * 86_400_000;
    (await reserve(100)).release();
    expect(world.requests).toBe(before);
  });

  test("of an idle scope is given back in full", async () => {
    (await reserve(1000)).settle(400);
    await world.run(35);
    expect(period()).toMatchObject({ spent: 400, leased: 0 });
  });

  test("is no more than a hundredth of the limit beyond what is reserved, and shrinks as the budget empties", async () => {
    for (let spent = 0; spent < 950_000; spent += 10_000) (await reserve(10_000)).settle(10_000);
    await world.run(2);
    expect(period()?.leased).toBeLessThanOrEqual(50_000 / 16);
  });

  test("does not keep the last of a budget from another replica", async () => {
    (await reserve(500_000)).settle(500_000);
    const other = world.start();
    const rest = await other.ledger.reserve([tenant], 400_000);
    rest.settle(400_000);
    await world.run(40);
    const last = await other.ledger.reserve([tenant], 100_000);
    last.settle(100_000);
    await world.run(2);
    expect(period()).toMatchObject({ spent: LIMIT, leased: 0 });
  });
});

describe("a month", () => {
  test("that ends gives the next one's money, and what was reserved before counts where it was reserved", async () => {
    const late = await reserve(600_000);
    world.pass(21 * 86_400_000);
    const next = await reserve(900_000);
    expect([late.month, next.month]).toEqual(["2026-11", "2026-12"]);
    late.settle(500_000);
    next.settle(900_000);
    await world.run(3);
    expect([period()?.spent, period("2026-12")?.spent]).toEqual([500_000, 900_000]);
  });

  test("never comes back: a database clock that is set back gives no money again", async () => {
    world.pass(21 * 86_400_000);
    (await reserve(LIMIT)).settle(LIMIT);
    world.db.clockMs -= 40 * 86_400_000;
    const other = world.start();
    await expect((async () => other.ledger.reserve([tenant], 1))()).rejects.toMatchObject({ code: "budget/exceeded" });
  });
});

describe("a limit", () => {
  test("that is lowered below what was spent refuses from the next round trip on", async () => {
    (await reserve(100_000)).settle(100_000);
    const lower = { ...tenant, limitMicroUsd: 90_000 };
    await reserve(1, [lower]).then(
      (reservation) => reservation.release(),
      () => {},
    );
    await world.settled();
    expect((await refusal(reserve(1, [lower]))).code).toBe("budget/exceeded");
  });

  test("that is raised serves at once who was just refused", async () => {
    (await reserve(LIMIT)).settle(LIMIT);
    await refusal(reserve(10));
    (await reserve(10, [{ ...tenant, limitMicroUsd: LIMIT + 10 }])).release();
  });

  test("of nothing refuses everything that costs", async () => {
    expect((await refusal(reserve(1, [{ ...tenant, limitMicroUsd: 0 }]))).code).toBe("budget/exceeded");
  });

  test("is known to the database before anybody spends", async () => {
    replica.ledger.declare([tenant]);
    expect(await replica.ledger.flush()).toBe(true);
    expect(period()).toMatchObject({ limit: LIMIT, spent: 0, leased: 0 });
  });
});

describe("alerts", () => {
  test("are raised once for each share, in order, also when a reply was lost", async () => {
    (await reserve(850_000)).settle(850_000);
    replica.link = "loses-replies";
    await world.run(1);
    replica.link = "good";
    await world.run(2);
    expect(world.alerts.map(({ percent, month }) => [percent, month])).toEqual([
      [50, "2026-11"],
      [80, "2026-11"],
    ]);
    expect(world.alerts[0]).toMatchObject({ spentMicroUsd: 850_000, limitMicroUsd: LIMIT });
    (await reserve(150_000)).settle(149_000);
    await refusal(reserve(5000));
    await world.run(2);
    expect(world.alerts.map(({ percent }) => percent)).toEqual([50, 80, 100]);
  });
});

describe("closing", () => {
  test("writes what was spent and used and gives everything back", async () => {
    (await reserve(1000)).settle(700);
    const row = {
      tenant: "acme",
      agent: null,
      provider: "p",
      model: "m",
      tokensIn: 1,
      tokensOut: 1,
      costMicroUsd: 700,
    };
    replica.ledger.recordUsage({ ...row, cached: false });
    expect(await replica.ledger.close()).toBe(true);
    expect(period()).toMatchObject({ spent: 700, leased: 0 });
    expect([...world.db.usage]).toEqual([["acme 2026-11 m", 1]]);
    expect((await refusal(reserve(1))).code).toBe("budget/unavailable");
  });

  test("says when something was still open", async () => {
    await reserve(1000);
    expect(await replica.ledger.close()).toBe(false);
    expect(period()?.leased).toBe(1000);
  });
});
