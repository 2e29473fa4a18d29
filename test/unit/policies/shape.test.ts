import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { shape } from "../../../policies/shape.ts";
import { trapping } from "../../../policies/unknown.ts";

const keys = fc.constantFrom("a", "b", "c", "name");

const { fields } = fc.letrec<{ present: z.ZodType; field: z.ZodType; fields: z.ZodRawShape }>((tie) => ({
  present: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<z.ZodType>(z.string(), z.boolean(), z.number(), z.unknown(), z.enum(["x", "y"])),
    tie("field").map((one) => z.array(one)),
    tie("field").map((one) => z.record(z.string(), one)),
    fc.tuple(tie("present"), tie("present")).map((options) => z.union(options)),
    tie("fields").map((all) => z.object(all)),
  ),
  field: fc.oneof(
    tie("present"),
    tie("present").map((one) => one.optional()),
    tie("present").map((one) => one.default("x")),
    fc.constant(z.object({}).default({})),
  ),
  fields: fc.dictionary(keys, tie("field"), { maxKeys: 4 }),
}));

const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<unknown>("x", "", true, 0, Number.NaN, null, undefined, { __pulumiUnknown: true }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(keys, fc.constant("__proto__")), tie("value"), { maxKeys: 4 }),
  ),
}));

function outcome(read: () => unknown): unknown {
  try {
    return { read: read() };
  } catch (error) {
    return { refused: (error as Error).name, why: (error as Error).message };
  }
}

test("a shape takes and refuses what Zod does, with the same result, the same words and the same unknown value", () => {
  fc.assert(
    fc.property(fields, values, (asked, given) => {
      const { value } = trapping(new Set())({ value: [given] }) as { value: readonly unknown[] };
      const ours = outcome(() => shape(asked).parse(value[0]));
      expect(ours).toStrictEqual(outcome(() => z.object(asked).parse(value[0])));
    }),
    { numRuns: 1000 },
  );
});

test("what only Zod can read is refused where the rule is written, not read by halves", () => {
  expect(() => shape({ a: z.string().min(1) })).toThrow("a string with checks is not read here");
  expect(() => shape({ a: z.url() })).toThrow("a string with checks is not read here");
  expect(() => shape({ a: z.string().transform(Number) })).toThrow("a schema of type pipe is not read here");
  const nested = "an optional or a default within another schema is not read here";
  expect(() => shape({ a: z.string().default("x").optional() })).toThrow(nested);
  expect(() => shape({ a: z.union([z.string().optional(), z.number()]) })).toThrow(nested);
  expect(() => shape({ a: z.strictObject({}) })).toThrow("an object that looks at other fields is not read here");
});
