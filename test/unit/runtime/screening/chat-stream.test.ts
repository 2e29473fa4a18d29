import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChatStreamScreen, Screen } from "../../../../runtime/screening/index.ts";
import { everything } from "./all-rules.ts";

const event = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
const DONE = "data: [DONE]\n\n";

interface Passed {
  readonly bytes: string;
  readonly stream: ChatStreamScreen;
}

/** Sends bytes cut at the given places and collects what leaves. */
function through(screen: Screen, text: string, cuts: readonly number[] = []): Passed {
  const stream = new ChatStreamScreen(screen);
  const bytes = Buffer.from(text);
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const out: Buffer[] = [];
  for (let index = 1; index < places.length; index += 1) {
    const piece = stream.push(bytes.subarray(places[index - 1], places[index]));
    if (piece !== undefined) out.push(piece);
  }
  const last = stream.end();
  if (last !== undefined) out.push(last);
  return { bytes: Buffer.concat(out).toString("utf8"), stream };
}

function contentOf(bytes: string): string {
  return bytes
    .split("\n\n")
    .filter((part) => part.startsWith("data: {"))
    .map((part) => JSON.parse(part.slice(6)).choices[0]?.delta?.content ?? "")
    .join("");
}

const MATCHES = {
  "us-ssn": "078-05-1120",
  "payment-card": "4111 1111 1111 1111",
  "kr-rrn": "900101-1234568",
  "cn-resident-id": "11010519491231002X",
  iban: "DE89370400440532013000",
  secret: `bw_abcd1234_${"a".repeat(43)}`,
};

describe.each(Object.entries(MATCHES))("%s in a stream", (_, match) => {
  test("is caught at every place at which two events can split it", () => {
    for (let cut = 1; cut < match.length; cut += 1) {
      const text = [`it is ${match.slice(0, cut)}`, `${match.slice(cut)} indeed`].map((content) => event({ content }));
      const { bytes } = through(everything, text.join("") + DONE);
      expect(contentOf(bytes)).toMatch(/^it is \[redacted:[^\]]+\] indeed$/);
    }
  });

  test("is caught when every character comes in an event of its own, and the bytes in pieces of three", () => {
    const text = [..."it is ", ...match, ..." indeed"].map((content) => event({ content })).join("") + DONE;
    const cuts = Array.from({ length: Math.floor(text.length / 3) }, (__, index) => index * 3);
    expect(contentOf(through(everything, text, cuts).bytes)).toMatch(/^it is \[redacted:[^\]]+\] indeed$/);
  });

  test("is caught in the arguments of a tool call, which stay valid JSON", () => {
    const args = JSON.stringify({ to: "a", text: `it is ${match}` });
    const half = Math.floor(args.length / 2);
    const call = (part: string) => event({ tool_calls: [{ index: 0, function: { arguments: part } }] });
    const { bytes } = through(everything, call(args.slice(0, half)) + call(args.slice(half)) + DONE);
    const said = bytes
      .split("\n\n")
      .filter((part) => part.startsWith("data: {"))
      .map((part) => JSON.parse(part.slice(6)).choices[0]?.delta?.tool_calls?.[0]?.function?.arguments ?? "")
      .join("");
    expect(said).not.toContain(match);
    expect(JSON.parse(said)).toMatchObject({ to: "a" });
  });
});

const prose = fc.string({ unit: fc.constantFrom(...'abc XYZ,.!?\n"\\{}한국어中文é'), maxLength: 40 });

test("a stream in which nothing matches leaves byte for byte, however it is cut", () => {
  const events = fc.array(
    fc.oneof(
      prose.map((content) => event({ content })),
      fc.constantFrom(":\n\n", event({ role: "assistant", content: "" }), event({}), 'data: {"choices":[]}\r\n\r\n'),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(events, fc.array(fc.nat(5000), { maxLength: 30 }), (parts, cuts) => {
      const text = parts.join("");
      expect(through(everything, text + DONE, cuts).bytes).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test("how a stream is cut into events and bytes changes nothing of what its reader reads", () => {
  const pieces = fc.array(fc.oneof(prose, fc.constantFrom(...Object.values(MATCHES))), { minLength: 1, maxLength: 6 });
  const ends = fc.array(fc.nat(400), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, ends, fc.array(fc.nat(9000), { maxLength: 20 }), (parts, splits, cuts) => {
      const content = parts.join(" ; ");
      const chars = [...content];
      const places = [0, ...splits.map((place) => place % (chars.length + 1)).sort((a, b) => a - b), chars.length];
      const events = places.slice(1).map((end, index) => event({ content: chars.slice(places[index], end).join("") }));
      const { bytes } = through(everything, events.join("") + DONE, cuts);
      expect(contentOf(bytes)).toBe(everything.text(content).text);
    }),
    { numRuns: 500 },
  );
});

test("with a block rule nothing of the match leaves, and nothing after it", () => {
  const screen = Screen.compile({ rules: [{ name: "cards", action: "block", detector: "payment-card" }] });
  const text = ["fine so far. ", "4111 1111 ", "1111 1111", " and more"].map((content) => event({ content })).join("");
  const { bytes, stream } = through(screen, text + DONE);
  expect(stream.blocked).toBe("cards");
  expect(bytes).not.toContain("4111");
  expect(bytes).not.toContain("and more");
});

test("usage, an error and the end are noted, and the end is kept back", () => {
  const usage = { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 2 } };
  const text = `${event({ content: "hi" })}data: ${JSON.stringify({ choices: [], usage })}\n\n`;
  const { bytes, stream } = through(everything, text + DONE);
  expect([bytes, stream.done, stream.failed]).toEqual([text, true, false]);
  expect(stream.usage).toMatchObject({ tokensIn: 7, tokensOut: 3, cachedIn: 2 });
  const failed = through(everything, `data: ${JSON.stringify({ error: { message: "no" } })}\n\n${DONE}`).stream;
  expect(failed.failed).toBe(true);
});

test("an event that is no UTF-8, no JSON or without an end is refused", () => {
  const send = (bytes: Buffer) => () => {
    const stream = new ChatStreamScreen(everything);
    stream.push(bytes);
    stream.end();
  };
  expect(
    send(Buffer.from([...Buffer.from('data: {"choices":[{"delta":{"content":"'), 0xff, 0x22, 0x7d, 0x0a, 0x0a])),
  ).toThrow();
  expect(send(Buffer.from("data: {not json}\n\n"))).toThrow();
  expect(send(Buffer.alloc(4_194_400, "x"))).toThrow();
});
