import { microUsd } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { expect, test } from "vitest";

test("USD with at most 6 decimals are counted exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000_000_000 }), (micro) => {
      const digits = String(micro).padStart(7, "0");
      expect(microUsd(Number(`${digits.slice(0, -6)}.${digits.slice(-6)}`))).toBe(micro);
    }),
    { examples: [[0], [1], [29_000_000], [1_100_000], [1_000_000_000_000_000]] },
  );
});

test.each([-1, 0.0000001, 1.0000005, Number.NaN, Number.POSITIVE_INFINITY, 1_000_000_001])(
  "%d USD is refused",
  (usd) => {
    expect(() => microUsd(usd)).toThrow(RangeError);
  },
);
