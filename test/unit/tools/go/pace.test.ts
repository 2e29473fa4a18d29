import { expect, test } from "vitest";
import { duration, pace, secondsLeft, shareDone } from "../../../../tools/go/pace.ts";

test("without a finished build the table is believed", () => {
  expect(pace([])).toBe(1);
  expect(secondsLeft([], { expectedSeconds: 100, elapsedSeconds: 40 }, [20, 30])).toBe(110);
});

test("a machine that was twice as slow so far is expected to stay slow", () => {
  const finished = [{ expectedSeconds: 300, tookSeconds: 630 }];
  expect(pace(finished)).toBe(2);
  expect(secondsLeft(finished, { expectedSeconds: 10, elapsedSeconds: 5 }, [100])).toBe(215);
});

test("one short build hardly moves the estimate", () => {
  expect(pace([{ expectedSeconds: 1, tookSeconds: 4 }])).toBeCloseTo(1.097, 3);
});

test("a build that takes longer than expected has no time left to tell, and is never shown as done", () => {
  expect(secondsLeft([], { expectedSeconds: 10, elapsedSeconds: 11 }, [50])).toBeUndefined();
  expect(shareDone(10, 1000, 1)).toBe(0.99);
});

test("durations read as a person writes them", () => {
  expect([duration(44.6), duration(200)]).toEqual(["45 s", "3 min 20 s"]);
});
