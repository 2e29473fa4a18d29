import fc from "fast-check";
import { expect, test } from "vitest";
import { ChainCheck, placeOf } from "../../../../runtime/audit/chain.ts";
import { type AuditEntry, AuditRecord, GENESIS, START } from "../../../../runtime/audit/record.ts";
import { hashOf, parseLine, RecordText, sealText } from "../../../../runtime/audit/text.ts";
import { auditEntry } from "../../../support/audit-chain.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom('"', "\\", "\n", "\u0000", "\ud800", "한"),
);
const name = fc.option(text, { nil: null });
const count = fc.option(fc.nat(), { nil: null });

const anyEntry: fc.Arbitrary<AuditEntry> = fc.record({
  kind: fc.constantFrom("request", "model", "tool", "admin", "system"),
  tenant: name,
  principal: name,
  role: name,
  action: text,
  decision: fc.constantFrom("allow", "deny"),
  code: text,
  status: count,
  rules: fc.array(text, { maxLength: 3 }),
  agent: name,
  model: name,
  provider: name,
  conversation: name,
  tokens_in: count,
  tokens_out: count,
  cost_micro_usd: count,
  target: name,
  duration_ms: fc.double({ min: 0, max: 1e9, noNaN: true }),
  trace_id: name,
  content: fc.option(fc.record({ request: name, reply: name }), { nil: null }),
});

/** One for all, because it keeps what records have in common. */
const formatter = new RecordText("w1");

function lineOf(entry: AuditEntry): string {
  const body = formatter.of(entry, 1, "2026-03-01T00:00:00.000Z", GENESIS);
  return body + sealText(hashOf(Buffer.from(body))).trimEnd();
}

test("whatever an entry holds, its line is what JSON.stringify makes of the record, and every reader takes it", () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const line = lineOf(entry);
      const record = parseLine(line);
      expect(record).toMatchObject({ ...entry, duration_ms: Math.round(entry.duration_ms) });
      expect(JSON.stringify(record)).toBe(line);
      expect(Object.keys(record ?? {})).toEqual(Object.keys(AuditRecord.shape));
      expect(new ChainCheck("w1", START).push(Buffer.from(line))).toBe(entry.kind);
    }),
    { numRuns: 2000 },
  );
});

test("what one record has in common with the one before is not taken from it where they differ", () => {
  const few = { nil: null, freq: 2 };
  const oneOf = (...values: string[]) => fc.option(fc.constantFrom(...values), few);
  const similar = fc.record({
    kind: fc.constantFrom("request" as const, "tool" as const),
    role: oneOf("user", "null"),
    action: fc.constantFrom("a", "b"),
    decision: fc.constantFrom("allow" as const, "deny" as const),
    code: fc.constantFrom("ok", "a"),
    status: fc.option(fc.constantFrom(0, 200), few),
    rules: fc.constantFrom([], ["card:redact"]),
    agent: oneOf("a", "b"),
    model: oneOf("a", "b"),
    provider: oneOf("a", "b"),
  });
  fc.assert(
    fc.property(fc.array(similar, { minLength: 2, maxLength: 20 }), (entries) => {
      for (const changes of entries) expect(parseLine(lineOf(auditEntry(changes)))).toMatchObject(changes);
    }),
    { numRuns: 1000 },
  );
});

test("a record with a field too many, too few or of another type is refused by every reader", () => {
  const record: Record<string, unknown> = JSON.parse(lineOf(auditEntry()));
  const wrong: Record<string, unknown>[] = [{ ...record, more: 1 }];
  for (const field of Object.keys(record)) {
    const { [field]: _, ...less } = record;
    wrong.push(less, { ...record, [field]: { a: 1 } }, { ...record, [field]: true });
  }
  wrong.push(
    { ...record, v: 2 },
    { ...record, status: 1.5 },
    { ...record, tokens_in: -1 },
    { ...record, kind: "other" },
  );
  for (const each of wrong) {
    expect(parseLine(JSON.stringify(each))).toBeUndefined();
    expect(placeOf(Buffer.from(JSON.stringify(each)))).toBeUndefined();
  }
});

test("a name of a megabyte is cut", () => {
  const { model } = parseLine(lineOf(auditEntry({ model: "x".repeat(1_000_000) }))) ?? {};
  expect(model).toBe(`${"x".repeat(1024)}…`);
});

test("lines too long for the expression are held to the same shape", () => {
  const content = { request: "x".repeat(100_000), reply: '한"\n' };
  const line = lineOf(auditEntry({ content }));
  const push = (text: string) => new ChainCheck("w1", START).push(Buffer.from(text));
  expect(push(line)).toBe("request");
  expect(push(line.replace('"v":1', '"v": 1'))).toMatchObject({ code: "bad-shape" });
  expect(push(line.replace('"v":1,"seq":1', '"seq":1,"v":1'))).toMatchObject({ code: "bad-shape" });
  expect(push(line.replace("xxx", "xyx"))).toMatchObject({ code: "hash" });
});
