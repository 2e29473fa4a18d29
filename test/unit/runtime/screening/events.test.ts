import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ChatStreamScreen, Screen } from "../../../../runtime/screening/index.ts";
import { everything } from "./all-rules.ts";

function through(
  screen: Screen,
  ...chunks: readonly (string | Buffer)[]
): { readonly out: string; readonly stream: ChatStreamScreen } {
  const stream = new ChatStreamScreen(screen);
  const pieces = chunks.map((chunk) => stream.push(Buffer.from(chunk))).concat(stream.end());
  return { out: Buffer.concat(pieces.filter((bytes) => bytes !== undefined)).toString(), stream };
}

const chunk = (content: string): string => JSON.stringify({ choices: [{ index: 0, delta: { content } }] });

describe("events of other forms", () => {
  it.each([
    ["carriage returns", `data: ${chunk("hi")}\r\n\r\ndata: ${chunk("ho")}\r\n\r\n`],
    ["lone carriage returns", `data: ${chunk("hi")}\r\rdata: ${chunk("ho")}\r\r`],
    ["no space after the colon", `data:${chunk("hi")}\n\n`],
    ["data in several lines", 'data: {"choices":\ndata: [{"index":0,"delta":{"content":"hi"}}]}\n\n'],
    ["a byte order mark", `\ufeffdata: ${chunk("hi")}\n\n`],
    ["blank lines before", `\n\n\ndata: ${chunk("hi")}\n\n`],
    ["no end", `data: ${chunk("hi")}\n\ndata: ${chunk("ho")}`],
  ])("%s: pass byte for byte, cut anywhere", (_, text) => {
    const bytes = Buffer.from(text);
    for (let place = 0; place <= bytes.length; place += 1) {
      expect(through(everything, bytes.subarray(0, place), bytes.subarray(place)).out).toBe(text);
    }
  });

  it.each([
    ["a comment", ": 123-45-\n\n", ":\n\n"],
    ["a name and an id", `event: 123-45-\r\nid: 6789\r\ndata: ${chunk("hi")}\r\n\r\n`, `data: ${chunk("hi")}\r\n\r\n`],
    ["a field that no client knows", `\0data: [DONE]\nx: 123-45-\n\n`, ":\n\n"],
    [
      "a name beside a match",
      `event: a\ndata: ${chunk("123-45-6789.")}\n\n`,
      `data: ${chunk("[redacted:block_pii].")}\n\n`,
    ],
    ["a name beside data in several lines", 'id: 1\ndata: {"a":\ndata: 1}\n\n', 'data: {"a":\ndata: 1}\n\n'],
  ])("beside data, %s stays behind, cut anywhere, with rules and without", (_, text, shown) => {
    const bytes = Buffer.from(text);
    for (let place = 0; place <= bytes.length; place += 1)
      expect(through(everything, bytes.subarray(0, place), bytes.subarray(place)).out).toBe(shown);
    if (!shown.includes("redacted")) expect(through(Screen.compile({ rules: [] }), text).out).toBe(shown);
  });

  it("nothing after [DONE] is read", () => {
    const { out, stream } = through(everything, `data: ${chunk("a")}\n\ndata: [DONE]\n\ndata: ${chunk("b")}\n\n`);
    expect([out, stream.done]).toEqual([`data: ${chunk("a")}\n\n`, true]);
  });

  it("texts beside the running ones are screened by themselves: an error, a name, an unknown part", () => {
    const { out, stream } = through(
      everything,
      `data: ${JSON.stringify({ error: { message: "no user 123-45-6789" } })}\n\n`,
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { parts: [{ text: "123-45-6789" }] } }] })}\n\n`,
    );
    expect(out).not.toContain("6789");
    expect(stream.failed).toBe(true);
  });

  it("log probabilities of a redacted event go with the text that they spell out", () => {
    const delta = { index: 0, delta: { content: "123-45-6789 " }, logprobs: { content: [{ token: "123-45-6789" }] } };
    expect(through(everything, `data: ${JSON.stringify({ choices: [delta] })}\n\n`).out).not.toContain("6789");
  });
});

test("an event that looks like the one before is read as JSON reads it", () => {
  // Keys and text that imitate the place where the text stands, in any order and number.
  const noise = fc.constantFrom<Readonly<Record<string, unknown>>>(
    {},
    { note: '"content":"' },
    { note: 'x","delta":{"content":"y' },
    { content: "not the text" },
    { note: "\\" },
    { note: '\\"content\\":\\"' },
  );
  const text = fc.oneof(
    fc.constantFrom(
      "plain words ",
      "123-45-",
      "6789 ",
      '"',
      '\\"content":"',
      "\\",
      "한국어 ",
      "\n",
      "}]}",
      "4111 1111 1111 1111 ",
    ),
    fc.string({ maxLength: 5 }),
  );
  const PLAIN = { before: {}, inside: {}, after: {} };
  const event = fc.record({ before: noise, inside: noise, after: noise, text });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 25 }), (events) => {
      const raw = events.map(({ before, inside, after, text: content }) =>
        JSON.stringify({
          ...before,
          choices: [{ index: 0, ...inside, delta: { role: "assistant", content } }],
          ...after,
        }),
      );
      const { out } = through(everything, ...raw.map((data) => `data: ${data}\n\n`));
      const read = out.split("\n\n").filter((part) => part !== "");
      const said = read.map((part) => JSON.parse(part.slice("data: ".length)).choices[0].delta.content).join("");
      expect(said).toBe(everything.text(events.map(({ text: content }) => content).join("")).text);
      if (!said.includes("[redacted")) expect(out).toBe(raw.map((data) => `data: ${data}\n\n`).join(""));
    }),
    // Found by chance: the sign of a number that is in brackets.
    { numRuns: 1500, examples: [[["+(", "4111 1111 1111 1111 "].map((said) => ({ ...PLAIN, text: said }))]] },
  );
});

test("without rules every byte passes, whether it is JSON or not, and usage is noted all the same", () => {
  const none = Screen.compile({ rules: [] });
  const usage = { prompt_tokens: 3, completion_tokens: 4 };
  const text = `data: not json\n\ndata: ${JSON.stringify({ choices: [], usage })}\n\n`;
  const { out, stream } = through(none, text);
  expect([out, stream.usage]).toEqual([text, { tokensIn: 3, tokensOut: 4, cachedIn: 0 }]);
});

test("a hold that grows without end stays bounded and loses nothing", () => {
  const pieces = Array.from({ length: 3000 }, (_, index) => `data: ${chunk(`aGVsbG8g${index % 10}Zz`)}\n\n`);
  const stream = new ChatStreamScreen(everything);
  let waiting = 0;
  let worst = 0;
  const out: Buffer[] = [];
  for (const piece of pieces) {
    const passed = stream.push(Buffer.from(piece));
    waiting = passed === undefined ? waiting + 1 : 0;
    worst = Math.max(worst, waiting);
    if (passed !== undefined) out.push(passed);
  }
  const last = stream.end();
  if (last !== undefined) out.push(last);
  expect(worst * 11).toBeLessThanOrEqual(16_384 * 1.3);
  expect(Buffer.concat(out).toString()).toBe(pieces.join(""));
});
