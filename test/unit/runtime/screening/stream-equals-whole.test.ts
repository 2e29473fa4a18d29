import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ChatStreamScreen, Screen } from "../../../../runtime/screening/index.ts";
import { EVASIONS, seeded } from "../../../support/evasion.ts";
import { everything } from "./all-rules.ts";

interface Delta {
  readonly content?: string;
  readonly reasoning_content?: string;
}

function eventOf(delta: Delta): string {
  return `data: ${JSON.stringify({ id: "chatcmpl-1", choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
}

/** What a reader of the screened stream reads, event by event. */
function read(screen: Screen, events: readonly string[]): { readonly content: string; readonly reasoning: string } {
  const stream = new ChatStreamScreen(screen);
  const out = events.map((event) => stream.push(Buffer.from(event))).concat(stream.end());
  let content = "";
  let reasoning = "";
  for (const event of Buffer.concat(out.filter((bytes) => bytes !== undefined))
    .toString()
    .split("\n\n")) {
    if (event === "") continue;
    const { delta } = JSON.parse(event.slice("data: ".length)).choices[0];
    content += delta.content ?? "";
    reasoning += delta.reasoning_content ?? "";
  }
  return { content, reasoning };
}

/** The text in pieces that end at these places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length]
    .map((end, index) => text.slice(ends[index - 1] ?? 0, end))
    .filter((part) => part !== "");
}

const FRAGMENTS = [
  ..."0123456789 -.+()_\n\t/=\\%&#;:,xXaZ",
  ...[
    "4111111111111111",
    "4111 1111 1111 ",
    "1111",
    "123-45-",
    "6789",
    "SSN ",
    "900101-",
    "1234568",
    "11010519491231002",
  ],
  ...[
    "DE89 3704",
    " 0044 0532",
    " 0130 00",
    "+82 ",
    "010-1234",
    "-5678",
    "sk-",
    "abcdefghij",
    "Bearer ",
    "eyJhbGciOi.",
    "eyJzdWIi",
  ],
  ...["\\u003", "\\u0034", "&#52;", "%34", "-----BEGIN ", "PRIVATE KEY-----", "\nMIIE\n", "-----END PRIVATE KEY-----"],
  ...[
    "NDExMTExMTEx",
    "MTExMTExMQ==",
    "\u200b",
    "\u00a0",
    "１２３",
    "٤١",
    "한국어 ",
    "中文，",
    "the quick ",
    "brown fox ",
  ],
];

describe("a stream", () => {
  it("reads as the whole text does, whatever it is made of and wherever it is cut", () => {
    const texts = fc
      .array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 40 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, fc.array(fc.nat(1000), { maxLength: 40 }), (text, places) => {
        const events = cut(text, places).map((content) => eventOf({ content }));
        expect(read(everything, events).content).toBe(everything.text(text).text);
      }),
      // Found by chance: an X behind a character that no number has in it.
      {
        numRuns: 3000,
        examples: [
          ["11010519491231002#x0", [585]],
          ["11010519491231002-x0", [18]],
        ],
      },
    );
  });

  it.each(EVASIONS)("$name: is redacted wherever the stream is cut in two, and a character at a time", ({ sample }) => {
    const { text } = sample(seeded(3));
    const whole = everything.text(text).text;
    for (let place = 1; place < text.length; place += 1) {
      const events = [text.slice(0, place), text.slice(place)].map((content) => eventOf({ content }));
      expect(read(everything, events).content).toBe(whole);
    }
    const single = Array.from({ length: text.length }, (_, at) => eventOf({ content: text.charAt(at) }));
    expect(read(everything, single).content).toBe(whole);
  });
});

test.each([
  "secret-\\w+",
  "\\b[A-Z]{2,4}-\\d{3,}\\b",
  "a+b|ab*c|xy",
  "^ab|c$",
  "\\Bx\\B",
  "(?:ab){2,20}c?",
  "[^ ]{5}!",
  "프로젝트\\s*\\d+",
])("a tenant's pattern %s finds the same in a stream as in the whole text", (pattern) => {
  const screen = Screen.compile({ rules: [{ name: "own", action: "redact", pattern }] });
  const parts = [..."abcxy! \n-1", "secret-", "AB-", "123", "abab", "프로젝트 ", "프로", "１２"];
  const texts = fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 30 }).map((some) => some.join(""));
  fc.assert(
    fc.property(texts, fc.array(fc.nat(200), { maxLength: 30 }), (text, places) => {
      const events = cut(text, places).map((content) => eventOf({ content }));
      expect(read(screen, events).content).toBe(screen.text(text).text);
    }),
    { numRuns: 500 },
  );
});

test("streams do not know of each other", () => {
  const [one, other] = [new ChatStreamScreen(everything), new ChatStreamScreen(everything)];
  one.push(Buffer.from(eventOf({ content: "4111 1111 " })));
  other.push(Buffer.from(eventOf({ content: "1111 1111" })));
  expect(other.end()?.toString()).toBe(eventOf({ content: "1111 1111" }));
  expect(one.end()?.toString()).toBe(eventOf({ content: "4111 1111 " }));
  expect([...one.hits, ...other.hits]).toEqual([]);
});

test("two choices are two texts", () => {
  const of = (index: number, content: string) =>
    `data: ${JSON.stringify({ choices: [{ index, delta: { content } }] })}\n\n`;
  const stream = new ChatStreamScreen(everything);
  const events = [of(0, "4111 1111 "), of(1, "1111 1111 "), of(0, "is half, "), of(1, "as well")];
  const out = [...events.map((event) => stream.push(Buffer.from(event))), stream.end()];
  expect(Buffer.concat(out.filter((bytes) => bytes !== undefined)).toString()).toBe(events.join(""));
});

test("a reasoning that ends in a number does not hold the answer up, and a number that goes on later is still caught", () => {
  const stream = new ChatStreamScreen(everything);
  expect(stream.push(Buffer.from(eventOf({ reasoning_content: "the result is 42" })))).toBeUndefined();
  expect(stream.push(Buffer.from(eventOf({ content: "It is so." })))).toBeDefined();
  const late = read(everything, [
    eventOf({ reasoning_content: "it is 4111" }),
    eventOf({ content: "Well. " }),
    eventOf({ reasoning_content: "111111111111" }),
  ]);
  expect(late.reasoning).not.toContain("1111111");
});

test("prose leaves word by word", () => {
  const words = "The plan has three parts and each of them waits for your answer, please read them. ".split(/(?<= )/);
  const stream = new ChatStreamScreen(everything);
  const held = words.filter((content) => stream.push(Buffer.from(eventOf({ content }))) === undefined);
  expect(held).toEqual([]);
});
