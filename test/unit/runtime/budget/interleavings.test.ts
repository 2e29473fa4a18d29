import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { act, histories, SCOPES } from "./steps.ts";
import { World } from "./world.ts";

describe("any interleaving of replicas, kills, partitions, clocks and months", () => {
  test("never lets more be billed than the limit, and the database accounts for every micro-USD", async () => {
    let served = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(histories(90), async (steps) => {
        const world = new World();
        for (const step of steps) {
          await act(world, step);
          expect(world.wrongs()).toEqual([]);
        }
        served += world.served;
        // What could still be given out is, by everybody.
        for (const one of world.replicas) {
          if (one.isAlive) for (const scopes of [...SCOPES].reverse()) await world.drain(one, scopes);
        }
        expect(world.wrongs()).toEqual([]);
        refused += world.refusals;
      }),
      { numRuns: 250 },
    );
    // A test in which nothing is ever served, or nothing refused, would prove nothing.
    expect(served).toBeGreaterThan(4000);
    expect(refused).toBeGreaterThan(1000);
  });

  test("ends with exactly what was billed, when every replica lives and every reply arrives at last", async () => {
    await fc.assert(
      fc.asyncProperty(histories(60), async (steps) => {
        const world = new World();
        for (const step of steps) if (step.do !== "kill") await act(world, step);
        for (const one of world.replicas) one.link = "good";
        await world.run(2);
        for (const one of world.replicas) {
          while (one.open.length > 0) world.settle(one, 0, (all) => Math.floor(all / 3));
        }
        await world.run(3);
        for (const { ledger } of world.replicas) expect(await ledger.close()).toBe(true);
        expect(world.wrongs()).toEqual([]);
        for (const [scope, { spent, leased, writtenOff }] of world.db.periods) {
          const billed = world.billed.get(scope) ?? 0;
          expect({ scope, spent, leased, writtenOff }).toEqual({ scope, spent: billed, leased: 0, writtenOff: 0 });
        }
      }),
      { numRuns: 200 },
    );
  });

  test("after kills, what is missing is at most what the dead held, and it is said", async () => {
    await fc.assert(
      fc.asyncProperty(histories(60), async (steps) => {
        const world = new World();
        for (const step of steps) await act(world, step);
        for (const one of world.replicas) one.link = "good";
        const living = world.start();
        // The database's clock may have been set back by weeks; until it is there again nothing expires.
        world.db.clockMs += 200 * 86_400_000;
        await world.run(130);
        await living.ledger.sweep();
        for (const one of world.replicas) {
          if (!one.isAlive) continue;
          while (one.open.length > 0) world.settle(one, 0, () => 0);
          await one.ledger.close();
        }
        for (const [scope, { spent, leased, writtenOff }] of world.db.periods) {
          const billed = world.billed.get(scope) ?? 0;
          expect(leased).toBe(0);
          // Billed counts the worst case of the dead's running calls; the rest of the difference was only held ready.
          expect(spent).toBeGreaterThanOrEqual(billed);
          expect(spent - billed).toBeLessThanOrEqual(writtenOff);
        }
      }),
      { numRuns: 200 },
    );
  });
});
