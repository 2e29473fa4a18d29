import fc from "fast-check";
import { expect, test } from "vitest";
import { belowReplicas, shareOf, tightest } from "../../../../runtime/limits/effective.ts";

test("a level that says nothing changes nothing", () => {
  const limits = { requests_per_minute: 5, concurrent_requests: 2 };
  expect(tightest({}, limits, {})).toEqual(limits);
  expect(tightest({}, {})).toEqual({});
});

test("the order of levels does not matter, and no limit of the result is above that of any level", () => {
  const level = fc.record(
    { requests_per_minute: fc.integer({ min: 1 }), concurrent_requests: fc.integer({ min: 1 }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(level, { minLength: 1, maxLength: 5 }), (levels) => {
      const result = tightest(...levels);
      expect(tightest(...levels.toReversed())).toEqual(result);
      for (const { requests_per_minute, concurrent_requests } of levels) {
        expect(result.requests_per_minute ?? 0).toBeLessThanOrEqual(requests_per_minute ?? Number.MAX_SAFE_INTEGER);
        expect(result.concurrent_requests ?? 0).toBeLessThanOrEqual(concurrent_requests ?? Number.MAX_SAFE_INTEGER);
      }
    }),
  );
});

test("the shares of all replicas together are at most the limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 50 }), (limit, replicas) => {
      expect(shareOf(limit, replicas) * replicas).toBeLessThanOrEqual(limit);
    }),
  );
});

test("a limit of which a replica has no share is found by its name", () => {
  expect(belowReplicas({ requests_per_minute: 2 }, 3)).toBe("requests_per_minute");
  expect(belowReplicas({ requests_per_minute: 3, concurrent_requests: 2 }, 3)).toBe("concurrent_requests");
  expect(belowReplicas({ requests_per_minute: 3 }, 3)).toBeUndefined();
  expect(belowReplicas({}, 3)).toBeUndefined();
});
