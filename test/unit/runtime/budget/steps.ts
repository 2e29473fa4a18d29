import fc from "fast-check";
import type { BudgetScope } from "../../../../runtime/budget/index.ts";
import type { Link, Replica, World } from "./world.ts";

const LIMIT = 1_000_000;
const tenant: BudgetScope = { kind: "tenant", tenant: "acme", id: "", limitMicroUsd: LIMIT };
const agent: BudgetScope = { kind: "agent", tenant: "acme", id: "writer", limitMicroUsd: LIMIT / 2 };
const key: BudgetScope = { kind: "key", tenant: "acme", id: "abcdefgh", limitMicroUsd: LIMIT / 5 };
export const SCOPES = [[tenant], [tenant, agent], [tenant, agent, key], [tenant, key]];

/** One thing that happens; data, so that a counterexample can be read. */
export type Step =
  | {
      readonly do: "reserve";
      readonly who: number;
      readonly scopes: number;
      readonly micro: number;
      readonly times: number;
    }
  | {
      readonly do: "settle";
      readonly who: number;
      readonly index: number;
      readonly share: number;
      readonly times: number;
    }
  | { readonly do: "release"; readonly who: number; readonly index: number }
  | { readonly do: "run"; readonly seconds: number }
  | { readonly do: "await" }
  | { readonly do: "link"; readonly who: number; readonly link: Link }
  | { readonly do: "late"; readonly who: number }
  | { readonly do: "kill"; readonly who: number }
  | { readonly do: "drain"; readonly who: number; readonly scopes: number }
  | { readonly do: "step-database-clock"; readonly ms: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "sweep"; readonly who: number };

const DAY_MS = 86_400_000;
const who = fc.nat(2);
const index = fc.nat(50);
const times = fc.integer({ min: 1, max: 12 });
const micro = fc.oneof(fc.nat(2000), fc.nat(60_000), fc.nat(LIMIT));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });

const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(12, fc.record({ do: fc.constant("reserve" as const), who, scopes: fc.nat(3), micro, times })),
  weighted(12, fc.record({ do: fc.constant("settle" as const), who, index, share, times })),
  weighted(3, fc.record({ do: fc.constant("release" as const), who, index })),
  weighted(10, fc.record({ do: fc.constant("run" as const), seconds: fc.constantFrom(1, 1, 2, 4, 35, 130) })),
  weighted(8, fc.constant<Step>({ do: "await" })),
  weighted(
    6,
    fc.record({
      do: fc.constant("link" as const),
      who,
      link: fc.constantFrom<Link>("good", "good", "gone", "loses-replies"),
    }),
  ),
  // A request that the process gave up on reaches the database after all, before or after later ones.
  weighted(6, fc.record({ do: fc.constant("late" as const), who: fc.nat(5) })),
  weighted(2, fc.record({ do: fc.constant("kill" as const), who })),
  weighted(2, fc.record({ do: fc.constant("drain" as const), who, scopes: fc.nat(3) })),
  weighted(
    2,
    fc.record({
      do: fc.constant("step-database-clock" as const),
      ms: fc.constantFrom(-40 * DAY_MS, -90_000, 90_000, 21 * DAY_MS),
    }),
  ),
  weighted(2, fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(5000, DAY_MS / 24, 20 * DAY_MS) })),
  weighted(2, fc.record({ do: fc.constant("sweep" as const), who })),
);

export const histories = (maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(step, { minLength: 20, maxLength, size: "max" });

/** Lets a step happen. Three replicas live at a time: a new one is started where one is missing. */
export async function act(world: World, step: Step): Promise<void> {
  const pick = (index: number): Replica => world.replicas.filter(({ isAlive }) => isAlive)[index] ?? world.start();
  switch (step.do) {
    case "reserve":
      for (let time = 0; time < step.times; time += 1) {
        world.reserve(pick(step.who), SCOPES[step.scopes] ?? [tenant], step.micro);
      }
      return;
    case "settle":
      for (let time = 0; time < step.times; time += 1) {
        world.settle(pick(step.who), step.index, (all) => Math.floor(all * step.share));
      }
      return;
    case "release":
      return world.release(pick(step.who), step.index);
    case "run":
      return world.run(step.seconds);
    case "await":
      return world.settled();
    case "link":
      pick(step.who).link = step.link;
      return;
    case "late": {
      const request = world.replicas[step.who]?.late.shift();
      if (request !== undefined) world.db.sync(request);
      return;
    }
    case "kill":
      return world.kill(pick(step.who));
    case "drain":
      return world.drain(pick(step.who), SCOPES[step.scopes] ?? [tenant]);
    case "step-database-clock":
      world.db.clockMs += step.ms;
      return;
    case "pass":
      return world.pass(step.ms);
    case "sweep":
      return pick(step.who).ledger.sweep();
  }
}
