import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { duration, remaining, terminalProgress } from "../../../cli/terminal.ts";

test.each([
  [0, "0 s"],
  [499, "0 s"],
  [7_400, "7 s"],
  [59_499, "59 s"],
  [59_500, "1 min 00 s"],
  [125_000, "2 min 05 s"],
  [3_725_000, "62 min 05 s"],
])("%i ms reads as %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("a duration never shows 60 seconds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000_000 }), (ms) => {
      const seconds = Number(/(\d+) s$/.exec(duration(ms))?.[1]);
      expect(seconds).toBeLessThan(60);
    }),
  );
});

test.each([
  ["its share is unknown", 60_000, undefined],
  ["too little is done to go by", 60_000, 0.01],
  ["it has just begun", 1_999, 0.5],
  ["it is done", 60_000, 1],
])("nothing is said of what is left while %s", (_why, elapsed, share) => {
  expect(remaining(elapsed, share)).toBeUndefined();
});

test("what is left follows from what is done", () => {
  expect(remaining(30_000, 0.25)).toBe("about 1 min 30 s left");
  expect(remaining(2_000, 0.5)).toBe("about 2 s left");
});

/** A stream that is no terminal and keeps what is written. */
function plainStream() {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { stream, written };
}

describe("off a terminal", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("a task says that it runs, each tenth, and how it ended, without control characters", () => {
    const { stream, written } = plainStream();
    const task = terminalProgress(stream).start("images");
    vi.advanceTimersByTime(1000);
    for (const share of [0.05, 0.1, 0.15, 0.31, 0.2]) task.update(share, "cell");
    task.update(undefined);
    task.done("7 images");
    expect(written).toEqual([
      "- images\n",
      "  images: 10 %, cell\n",
      "  images: 30 %, cell\n",
      "✓ images: 1 s, 7 images\n",
    ]);
  });

  test.each([
    ["done", "✓ node: 1 s, no root\n"],
    ["fail", "✗ node: 1 s, no root\n"],
  ] as const)("a task that is over within a second (%s) says so in one line and nothing after it", (end, line) => {
    const { stream, written } = plainStream();
    const task = terminalProgress(stream).start("node");
    vi.advanceTimersByTime(999);
    task[end]("no root");
    vi.advanceTimersByTime(10_000);
    expect(written).toEqual([line]);
  });

  test("what is left is said once: by the work itself where it knows better", () => {
    const { stream, written } = plainStream();
    const task = terminalProgress(stream).start("engine");
    vi.advanceTimersByTime(30_000);
    task.update(0.3, "about 4 min left");
    task.update(0.5, "linking");
    expect(written.slice(1)).toEqual([
      "  engine: 30 %, about 4 min left\n",
      "  engine: 50 %, about 30 s left, linking\n",
    ]);
  });
});

test("on a terminal finished work stays and its live line goes", () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) > 0 };
  const screen = terminalProgress(stream as unknown as NodeJS.WriteStream);
  const first = screen.start("one");
  const second = screen.start("two");
  first.done("fine");
  second.fail("broken");
  expect(written).toEqual(["✓ one  0 s  fine\n", "⠋ two  0 s\n", "\x1b[1A\x1b[0J", "✗ two  0 s  broken\n"]);
});
