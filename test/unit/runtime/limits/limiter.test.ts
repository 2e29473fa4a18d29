import fc from "fast-check";
import { expect, test } from "vitest";
import { Limiter, type LimiterOptions } from "../../../../runtime/limits/index.ts";
import type { Limits } from "../../../../runtime/settings/services.ts";

function open(options: Partial<LimiterOptions> = {}): { limiter: Limiter; clock: { ms: number } } {
  const clock = { ms: 1_000_000 };
  const nowMs = () => clock.ms;
  const base = { replicas: 1, perKey: {}, perTenant: {}, tenants: new Map([["marketing", {}]]), nowMs };
  return { limiter: new Limiter({ ...base, ...options }), clock };
}

const caller = (keyId = "key00001", keyLimits: Limits = {}, tenant: string | null = "marketing") => ({
  keyId,
  keyLimits,
  tenant,
});

const limit = fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined });
const limits = fc
  .record({ requests_per_minute: limit, concurrent_requests: limit })
  .map((sent) => Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as Limits);

/** Requests granted at once, without any time passing. */
function granted(limiter: Limiter, who: ReturnType<typeof caller>): number {
  let count = 0;
  while (count < 1000 && limiter.take(who) === undefined) count += 1;
  return count;
}

test("whatever the levels say, a caller gets what the tightest one allows and no more", () => {
  fc.assert(
    fc.property(limits, limits, limits, limits, (perKey, perTenant, tenant, key) => {
      const { limiter } = open({ perKey, perTenant, tenants: new Map([["marketing", tenant]]) });
      const said = [perKey, perTenant, tenant, key].map((level) => level.requests_per_minute ?? 1000);
      expect(granted(limiter, caller("key00001", key))).toBe(Math.min(...said));
      const running = [perKey, perTenant, tenant, key].map((level) => level.concurrent_requests ?? 200);
      let entered = 0;
      while (entered < 200 && limiter.enter(caller("key00001", key)) === undefined) entered += 1;
      expect(entered).toBe(Math.min(...running));
    }),
  );
});

test("a lower level that says more than a higher one changes nothing", () => {
  fc.assert(
    fc.property(limits, limits, fc.integer({ min: 0, max: 50 }), (higher, lower, more) => {
      const looser: Limits = {
        ...(lower.requests_per_minute === undefined ? {} : { requests_per_minute: lower.requests_per_minute + more }),
      };
      const alone = granted(open({ perKey: higher }).limiter, caller());
      expect(granted(open({ perKey: higher }).limiter, caller("key00001", looser))).toBeLessThanOrEqual(alone);
    }),
  );
});

test("all replicas together never grant more than the limit at once, nor over any time than the bucket and its refill", () => {
  const step = fc.record({ replica: fc.nat(), waitMs: fc.integer({ min: 0, max: 20_000 }) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(step, { minLength: 1, maxLength: 300 }),
      (perMinute, replicas, steps) => {
        const clock = { ms: 5 };
        const nowMs = () => clock.ms;
        const tenants = new Map([["marketing", { requests_per_minute: perMinute, concurrent_requests: perMinute }]]);
        const all = Array.from(
          { length: replicas },
          () => new Limiter({ replicas, perKey: {}, perTenant: {}, tenants, nowMs }),
        );
        let count = 0;
        let running = 0;
        const startedMs = clock.ms;
        for (const { replica, waitMs } of steps) {
          clock.ms += waitMs;
          const limiter = all[replica % replicas] as Limiter;
          if (limiter.take(caller()) === undefined) count += 1;
          if (limiter.enter(caller()) === undefined) running += 1;
          expect(count).toBeLessThanOrEqual(perMinute * (1 + (clock.ms - startedMs) / 60_000) + 1e-6);
        }
        expect(running).toBeLessThanOrEqual(perMinute);
      },
    ),
  );
});

test("a refused request takes nothing from any bucket, and is granted when it was told to try again", () => {
  const tenants = new Map([["marketing", { requests_per_minute: 6 }]]);
  const { limiter, clock } = open({ tenants, perKey: { requests_per_minute: 3 } });
  expect(granted(limiter, caller("key00001"))).toBe(3);
  for (let again = 0; again < 50; again += 1) limiter.take(caller("key00001"));
  expect(granted(limiter, caller("key00002"))).toBe(3);
  expect(limiter.take(caller("key00003"))).toMatchObject({ level: "tenant", perMinute: 6 });
  const refused = limiter.take(caller("key00001"));
  expect(refused).toMatchObject({ level: "key", perMinute: 3, retryAfterMs: 20_000 });
  clock.ms += 19_999;
  expect(limiter.take(caller("key00001"))).toBeDefined();
  clock.ms += 2;
  expect(limiter.take(caller("key00001"))).toBeUndefined();
});

test("a key pays nothing for what its tenant's limit refused", () => {
  const { limiter } = open({ tenants: new Map([["marketing", { requests_per_minute: 1 }]]) });
  const own: Limits = { requests_per_minute: 10 };
  limiter.take(caller("key00001", own));
  for (let again = 0; again < 5; again += 1) expect(limiter.take(caller("key00001", own))?.level).toBe("tenant");
  expect(limiter.allowance(caller("key00001", own, null))?.remaining).toBe(9);
});

test("one key that is refused does not use up what its tenant's other keys have", () => {
  const tenants = new Map([["marketing", { requests_per_minute: 100 }]]);
  const { limiter } = open({ tenants });
  expect(granted(limiter, caller("key00001", { requests_per_minute: 10 }))).toBe(10);
  expect(granted(limiter, caller("key00002"))).toBe(90);
});

test("a clock that runs backwards refills nothing and takes nothing away", () => {
  const { limiter, clock } = open({ perKey: { requests_per_minute: 5 } });
  granted(limiter, caller());
  clock.ms -= 3_600_000;
  expect(limiter.take(caller())).toBeDefined();
  clock.ms += 12_001;
  expect(limiter.take(caller())).toBeUndefined();
  expect(limiter.take(caller())).toBeDefined();
});

test("a key whose limit was changed keeps what it has used", () => {
  const { limiter } = open();
  expect(granted(limiter, caller("key00001", { requests_per_minute: 10 }))).toBe(10);
  expect(granted(limiter, caller("key00001", { requests_per_minute: 15 }))).toBe(5);
  expect(granted(limiter, caller("key00001", { requests_per_minute: 2 }))).toBe(0);
});

test("what left makes room, and only as much as had entered", () => {
  const { limiter } = open({ perTenant: { concurrent_requests: 2 } });
  expect(limiter.enter(caller("key00001"))).toBeUndefined();
  expect(limiter.enter(caller("key00002"))).toBeUndefined();
  expect(limiter.enter(caller("key00003"))).toEqual({ level: "tenant", concurrent: 2 });
  limiter.leave(caller("key00002"));
  expect(limiter.enter(caller("key00003"))).toBeUndefined();
  expect(limiter.enter(caller("key00004"))).toBeDefined();
});

test("a limit smaller than the number of replicas grants nothing instead of more than the limit", () => {
  const { limiter } = open({ replicas: 3, perKey: { requests_per_minute: 2, concurrent_requests: 2 } });
  expect(limiter.take(caller())).toMatchObject({ level: "key", perMinute: 0, retryAfterMs: 60_000 });
  expect(limiter.enter(caller())).toMatchObject({ level: "key", concurrent: 0 });
});

test("a million keys that came once do not stay in memory", () => {
  const { limiter, clock } = open({ perKey: { requests_per_minute: 60 } });
  const own: Limits = {};
  let most = 0;
  for (let index = 0; index < 1_000_000; index += 1) {
    clock.ms += 1;
    limiter.take(caller(`key${index}`, own));
    most = Math.max(most, limiter.size);
  }
  expect(most).toBeLessThan(5000);
});

test("a bucket with something running is never dropped", () => {
  const { limiter, clock } = open({ perKey: { concurrent_requests: 1 } });
  expect(limiter.enter(caller("key00001"))).toBeUndefined();
  for (let index = 0; index < 1000; index += 1) {
    clock.ms += 60_000;
    limiter.take(caller(`other${index}`));
  }
  expect(limiter.enter(caller("key00001"))).toBeDefined();
});

test("the allowance is that of the tighter bucket, with the time until it is whole again", () => {
  const tenants = new Map([["marketing", { requests_per_minute: 60 }]]);
  const { limiter } = open({ tenants });
  const own: Limits = { requests_per_minute: 30 };
  limiter.take(caller("key00001", own));
  expect(limiter.allowance(caller("key00001", own))).toEqual({ perMinute: 30, remaining: 29, resetMs: 2000 });
  expect(open().limiter.allowance(caller())).toBeUndefined();
});
