import { expect, test } from "vitest";
import { ChatStreamScreen } from "../../../../runtime/screening/index.ts";
import { everything } from "./all-rules.ts";

const SIZE = 1_000_000;

/** What a loop inside a loop would take minutes for. */
const UNITS = [
  ...[
    "\\",
    "\\u",
    "&#",
    "%4",
    "1\\n",
    "-",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----!",
  ],
  ...[
    "-----BEGIN PRIVATE KEY-----A-----END PRIVATE KEY-----",
    "sk-",
    "sk-aaaaaaaaaaaaaaaaaaaaaaaaa ",
    "eyJ-",
    "eyJ.",
    "eyJ_/",
  ],
  ...[
    "ghp_",
    "xoxb-",
    "github_pat_a",
    "AKIA",
    "Bearer ",
    "bearer.a",
    "aws key ",
    "NDEx",
    "/NDEx",
    "QUJD/",
    "Zm9v",
    "a",
    "A",
    "_",
  ],
  ...[
    "DE89",
    "DE89 ",
    "GB82-WEST-",
    "1",
    "1 ",
    "12 ",
    "4111 ",
    "411 1 ",
    "+1",
    "+1 ",
    "(1",
    "s123456789 ",
    "ssn 1",
    "010-1234-",
  ],
  ...[
    "900101-",
    "11010519491231002",
    "\u200b",
    "1\u200b",
    "１",
    "\ud835\udfd2",
    "\ud835",
    "\u1100",
    "e\u0301",
    "한",
    "，",
    "\0",
    ".",
  ],
];

test.each(UNITS)("1 MB of %j takes no longer than any other text", (unit) => {
  const text = unit.repeat(Math.ceil(SIZE / unit.length));
  const began = performance.now();
  everything.text(text);
  expect(performance.now() - began).toBeLessThan(1000);
});

test.each(UNITS)("a stream of %j, 6,000 times in an event each, takes no longer than any other", (unit) => {
  const event = Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: unit } }] })}\n\n`);
  const stream = new ChatStreamScreen(everything);
  const began = performance.now();
  for (let index = 0; index < 6000; index += 1) stream.push(event);
  stream.end();
  expect(performance.now() - began).toBeLessThan(1500);
});

test("an event that comes in very many pieces is put together once", () => {
  const stream = new ChatStreamScreen(everything);
  const event = Buffer.from(`data: ${JSON.stringify({ note: "x ".repeat(1_000_000), choices: [] })}\n\n`);
  const began = performance.now();
  const out: Buffer[] = [];
  for (let at = 0; at < event.length; at += 50) {
    const passed = stream.push(event.subarray(at, at + 50));
    if (passed !== undefined) out.push(passed);
  }
  expect(Buffer.concat(out).equals(event)).toBe(true);
  expect(performance.now() - began).toBeLessThan(3000);
});
