import fc from "fast-check";
import { expect, test } from "vitest";
import { between, divide, exactly, fromUsd, priceOf, sumOf, toUsd } from "../../../cost/money.ts";

test("a price of ten decimals for a month is exact to the micro", () => {
  // 0.3178699486 an hour for 730 hours is 232.045062478.
  expect(priceOf(317_869_949, 730_000)).toBe(232_045_063);
  expect(priceOf(100_000_000, 730_000)).toBe(73_000_000);
});

test("a price for a year costs its twelfth a month, and half a micro is rounded up", () => {
  expect(priceOf(4_500_000_000_000, 4000, 12)).toBe(1_500_000_000);
  expect(priceOf(1, 500_000)).toBe(1);
  expect(priceOf(1, 499_999)).toBe(0);
});

test("an amount divided by any weights is whole and loses nothing", () => {
  const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.nat(2 ** 50), weights, (amount, parts) => {
      const divided = divide(amount, parts);
      expect(divided.reduce((sum, part) => sum + part, 0)).toBe(amount);
      expect(divided.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
    }),
    {
      examples: [
        [1, [0, 0, 0]],
        [0, [1]],
        [7, [1, 1, 1]],
      ],
    },
  );
});

test("equal weights differ by one micro at most, the first first", () => {
  expect(divide(7, [1, 1, 1])).toEqual([3, 2, 2]);
  expect(divide(7, [0, 0, 0])).toEqual([3, 2, 2]);
  expect(divide(100, [3, 1])).toEqual([75, 25]);
});

test("a currency and back is the amount, to the micro of the coarser one", () => {
  expect(toUsd(7_100_000, 7_100_000)).toBe(1_000_000);
  expect(fromUsd(1_000_000, 1_380_000_000)).toBe(1_380_000_000);
  expect(fromUsd(-1_000_000, 7_100_000)).toBe(-7_100_000);
});

test("quantities are thousandths, and bounds add up bound by bound", () => {
  expect(between(0.1, 1, 5)).toEqual({ low: 100, expected: 1000, high: 5000 });
  expect(sumOf([exactly(1), between(0, 1, 2)])).toEqual({ low: 1000, expected: 2000, high: 3000 });
});
