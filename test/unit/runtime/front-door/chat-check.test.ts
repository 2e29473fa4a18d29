import fc from "fast-check";
import { expect, test } from "vitest";
import { ChatBody } from "../../../../runtime/front-door/chat/body.ts";
import { checkChatBody } from "../../../../runtime/front-door/chat/check.ts";

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -0, 1, -1, 0.5, 2, 2.0001, 1e99, 2 ** 53, -(2 ** 53), "", "x", [], {}),
  fc.string({ maxLength: 5 }),
  fc.double({ noNaN: true }),
  fc.constant(Number.POSITIVE_INFINITY),
  fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.integer()), { maxLength: 6 }),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Valid nearly always, so that a whole body often is. */
const mostly = (valid: fc.Arbitrary<unknown>) => fc.oneof({ weight: 40, arbitrary: valid }, junk);
const part = fc.oneof(
  { weight: 40, arbitrary: fc.record({ type: fc.constant("text"), text: fc.string({ maxLength: 5 }) }) },
  fc.record({ type: fc.constant("text"), text: fc.string(), extra: junk }, { requiredKeys: ["type"] }),
  junk,
);
const content = mostly(fc.oneof(fc.string({ maxLength: 5 }), fc.array(part, { maxLength: 3 })));
const role = mostly(fc.constantFrom("user", "system", "developer", "assistant"));
const message = mostly(fc.record({ role, content, name: junk }, { requiredKeys: ["role", "content"] }));
const count = mostly(fc.integer({ min: 0, max: 5 }));
const amount = mostly(fc.double({ min: 0, max: 1, noNaN: true }));
const options = fc.record({ include_usage: mostly(fc.boolean()), x: junk }, { requiredKeys: [] });
const body = mostly(
  fc.record(
    {
      model: mostly(fc.string({ maxLength: 5 })),
      messages: mostly(fc.array(message, { maxLength: 4 })),
      stream: mostly(fc.boolean()),
      stream_options: mostly(options),
      user: mostly(fc.string()),
      temperature: amount,
      top_p: amount,
      frequency_penalty: amount,
      presence_penalty: amount,
      max_tokens: count,
      max_completion_tokens: count,
      seed: count,
      stop: mostly(fc.array(fc.string({ maxLength: 2 }), { maxLength: 5 })),
      metadata: junk,
    },
    { requiredKeys: ["model", "messages"] },
  ),
);

/** What a request can really carry: everything that JSON can say. */
function sent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? "null");
}

test("the hot path accepts and reads exactly the bodies that the published schema accepts", () => {
  let accepted = 0;
  fc.assert(
    fc.property(body, (value) => {
      const input = sent(value);
      const oracle = ChatBody.safeParse(input);
      const hot = checkChatBody(input);
      expect(hot).toEqual(oracle.success ? oracle.data : undefined);
      if (oracle.success) accepted += 1;
    }),
    { numRuns: 20_000 },
  );
  expect(accepted).toBeGreaterThan(1000);
});

const good = { model: "openclaw", messages: [{ role: "user", content: "x" }] };

test("each single parameter is read as the schema reads it", () => {
  const name = fc.constantFrom(...Object.keys(ChatBody.shape));
  fc.assert(
    fc.property(name, fc.oneof(junk, amount, count), (key, value) => {
      const input = sent({ ...good, [key]: value });
      const oracle = ChatBody.safeParse(input);
      expect(checkChatBody(input)).toEqual(oracle.success ? oracle.data : undefined);
    }),
    { numRuns: 20_000 },
  );
});

test("infinite numbers, which JSON can write as 1e999, are refused", () => {
  const input = JSON.parse('{"model":"m","messages":[{"role":"user","content":"x"}],"temperature":1e999}');
  expect([checkChatBody(input), ChatBody.safeParse(input).success]).toEqual([undefined, false]);
});

test("2,000 messages are read and 2,001 refused, as by the schema", () => {
  const many = (length: number) => ({ ...good, messages: Array.from({ length }, () => good.messages[0]) });
  expect(checkChatBody(many(2000))).toEqual(ChatBody.parse(many(2000)));
  expect([checkChatBody(many(2001)), ChatBody.safeParse(many(2001)).success]).toEqual([undefined, false]);
});

test("nothing but the known parameters is read", () => {
  const input = JSON.parse(
    '{"model":"m","messages":[{"role":"user","content":"x","__proto__":{"a":1}}],"x":1,"toString":2}',
  );
  expect(Object.keys(checkChatBody(input) ?? {})).toEqual(["model", "messages"]);
  expect(checkChatBody(input)?.messages[0]).toEqual({ role: "user", content: "x" });
});
