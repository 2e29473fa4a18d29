import {
  type BudgetAlert,
  BudgetRefusal,
  type BudgetScope,
  type Reservation,
} from "../../../../runtime/budget/index.ts";
import { Ledger } from "../../../../runtime/budget/ledger.ts";
import type { BudgetNotice } from "../../../../runtime/budget/ledger-deps.ts";
import { LeasedReservation } from "../../../../runtime/budget/reservation.ts";
import type { BudgetStore, LeaseAnswer, SyncRequest } from "../../../../runtime/budget/store.ts";
import { ModelDatabase } from "./model-store.ts";

/** How the way to the database behaves. */
export type Link = "good" | "gone" | "loses-replies";

interface Open {
  readonly reservation: Reservation;
  readonly scopes: readonly BudgetScope[];
}

/** One process that has a part of the budgets, and the calls of models it runs. */
export class Replica {
  readonly ledger: Ledger;
  readonly open: Open[] = [];
  link: Link = "good";
  isAlive = true;
  readonly late: SyncRequest[] = [];

  constructor(world: World, holder: string) {
    const store: BudgetStore = {
      sync: async (request) => this.#sync(world, request),
      sweep: async (name, graceMs) => {
        this.#check();
        return world.db.sweep(name, graceMs);
      },
      month: async () => world.db.month(),
    };
    const deps = {
      store,
      holder,
      nowMs: () => world.monotonicMs,
      soon: (work: () => void) => queueMicrotask(work),
      alertPercents: () => [50, 80, 100],
      onAlert: (alert: BudgetAlert) => world.alerts.push(alert),
      notify: (notice: BudgetNotice) => world.notices.push(notice),
    };
    this.ledger = new Ledger(deps, world.db.month());
  }

  #sync(world: World, request: SyncRequest): readonly LeaseAnswer[] {
    world.requests += 1;
    const copy = structuredClone(request);
    if (this.link === "gone") this.late.push(copy);
    this.#check();
    const answers = world.db.sync(copy);
    if (this.link === "loses-replies") throw new Error("the reply was lost");
    return answers;
  }

  #check(): void {
    if (!this.isAlive || this.link === "gone") throw new Error("no way to the database");
  }
}

/** Replicas, their database, and an oracle that knows what the provider really billed. */
export class World {
  readonly db: ModelDatabase;
  monotonicMs = 0;
  requests = 0;
  readonly replicas: Replica[] = [];
  readonly alerts: BudgetAlert[] = [];
  readonly notices: BudgetNotice[] = [];
  /** "scope month" -> billed for sure, and the worst that may be billed yet. */
  readonly billed = new Map<string, number>();
  readonly #highestLimit = new Map<string, number>();
  served = 0;
  refusals = 0;

  constructor(start = "2026-11-10T00:00:00Z") {
    this.db = new ModelDatabase(Date.parse(start), Number.POSITIVE_INFINITY);
  }

  start(): Replica {
    const replica = new Replica(this, `h${this.replicas.length}`);
    this.replicas.push(replica);
    return replica;
  }

  /** Tries to reserve, in the background where that takes a round trip. @returns whether it was served at once. */
  reserve(replica: Replica, scopes: readonly BudgetScope[], amount: number): boolean {
    for (const scope of scopes) {
      const key = `${scope.tenant} ${scope.kind} ${scope.id}`;
      this.#highestLimit.set(key, Math.max(scope.limitMicroUsd, this.#highestLimit.get(key) ?? 0));
    }
    const take = (reservation: Reservation): void => {
      this.served += 1;
      replica.open.push({ reservation, scopes });
      this.#bill(scopes, reservation, amount);
    };
    const refused = (error: unknown): void => {
      if (!(error instanceof BudgetRefusal)) throw error;
      this.refusals += 1;
    };
    try {
      const result = replica.ledger.reserve(scopes, amount);
      if (!(result instanceof Promise)) {
        take(result);
        return true;
      }
      result.then(take, refused);
    } catch (error) {
      refused(error);
    }
    return false;
  }

  /** Reserves whatever a process would give out without its database, to the last micro-USD. */
  async drain(replica: Replica, scopes: readonly BudgetScope[]): Promise<void> {
    const { link } = replica;
    replica.link = "gone";
    let isGoneKnown = false;
    for (let amount = 2 ** 20; amount >= 1; amount /= 2) {
      while (this.reserve(replica, scopes, amount));
      if (!isGoneKnown) await this.settled();
      isGoneKnown = true;
    }
    replica.link = link;
  }

  /** The provider billed `actual`. */
  settle(replica: Replica, index: number, actual: (amount: number) => number): void {
    const [one] = replica.open.splice(index % Math.max(1, replica.open.length), 1);
    if (one === undefined) return;
    const { amountMicroUsd } = one.reservation;
    one.reservation.settle(actual(amountMicroUsd));
    this.#bill(one.scopes, one.reservation, actual(amountMicroUsd) - amountMicroUsd);
  }

  release(replica: Replica, index: number): void {
    const [one] = replica.open.splice(index % Math.max(1, replica.open.length), 1);
    if (one === undefined) return;
    one.reservation.release();
    this.#bill(one.scopes, one.reservation, -one.reservation.amountMicroUsd);
  }

  /** kill -9: the provider may bill the worst case of everything that was running. */
  kill(replica: Replica): void {
    replica.isAlive = false;
    replica.open.length = 0;
  }

  pass(ms: number): void {
    this.monotonicMs += ms;
    this.db.clockMs += ms;
  }

  /** Lets everything that is under way come to its end. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ticks all replicas that live, once a second, for so many seconds. */
  async run(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.pass(1000);
      for (const { ledger, isAlive } of this.replicas) if (isAlive) ledger.tick();
      await this.settled();
    }
  }

  /** What is wrong, one sentence each: money spent above a limit, given out twice, or made. */
  wrongs(): readonly string[] {
    const wrongs: string[] = [];
    for (const [key, billed] of this.billed) {
      const limit = this.#highestLimit.get(key.slice(0, -8)) ?? 0;
      if (billed > limit) wrongs.push(`${key}: ${billed} may be billed, the limit is ${limit}`);
      const period = this.db.periods.get(key);
      if (period === undefined) wrongs.push(`${key}: no period`);
      else if (period.spent + period.leased < billed) {
        wrongs.push(`${key}: the database accounts for ${period.spent} + ${period.leased} of ${billed}`);
      }
    }
    for (const [key, { spent, leased }] of this.db.periods) {
      const limit = this.#highestLimit.get(key.slice(0, -8)) ?? 0;
      if (spent + leased > limit) wrongs.push(`${key}: ${spent} + ${leased} of ${limit} given out`);
      const held = [...this.db.leases.values()]
        .filter((lease) => `${lease.scope} ${lease.month}` === key && lease.state === "open")
        .reduce((sum, lease) => sum + Math.max(0, lease.granted - lease.spent), 0);
      if (held !== leased) wrongs.push(`${key}: ${leased} leased, the leases hold ${held}`);
    }
    return wrongs;
  }

  #bill(scopes: readonly BudgetScope[], reservation: Reservation, amount: number): void {
    if (!(reservation instanceof LeasedReservation)) throw new Error("a reservation of another kind");
    for (const [index, { tenant, kind, id }] of scopes.entries()) {
      const key = `${tenant} ${kind} ${id} ${reservation.months[index]}`;
      this.billed.set(key, (this.billed.get(key) ?? 0) + amount);
    }
  }
}
