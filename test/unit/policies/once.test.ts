import { expect, test } from "vitest";
import { once } from "../../../policies/once.ts";

test("an object is read once, and another for itself, be it alike or not", () => {
  const read: object[] = [];
  const keysOf = once((from: object) => {
    read.push(from);
    return Object.keys(from);
  });
  const [first, alike] = [{ a: 1 }, { a: 1 }];
  expect([keysOf(first), keysOf(alike), keysOf(first)]).toEqual([["a"], ["a"], ["a"]]);
  expect(read).toEqual([first, alike]);
});

test("a reading that failed is tried again, and fails again", () => {
  let tries = 0;
  const failing = once((_: object): string => {
    tries += 1;
    throw new Error("known only after an update");
  });
  const from = {};
  expect(() => failing(from)).toThrow("known only after an update");
  expect(() => failing(from)).toThrow("known only after an update");
  expect(tries).toBe(2);
});
