import fc from "fast-check";
import { expect, test } from "vitest";
import { trapping, UnknownValue } from "../../../policies/unknown.ts";

const UNKNOWN = { __pulumiUnknown: true };

const { inputs } = fc.letrec<{ inputs: Readonly<Record<string, unknown>>; value: unknown }>((tie) => ({
  inputs: fc.dictionary(fc.string({ minLength: 1 }), tie("value"), { maxKeys: 5 }),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.constantFrom<unknown>(1, true, null, UNKNOWN),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("inputs"),
  ),
}));

/** Every place in inputs, as whoever knows nothing of traps would go through them. */
function places(value: unknown, path: readonly string[] = []): readonly { path: readonly string[]; value: unknown }[] {
  const here = { path, value };
  if (typeof value !== "object" || value === null || "__pulumiUnknown" in value) return [here];
  return [here, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], value);

test("reading a value that only an update knows throws with its place, and every other value is what it was", () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const read = trapping(new Set())(given);
      for (const { path, value } of places(given).slice(1)) {
        if (typeof value !== "object" || value === null) expect(at(read, path)).toBe(value);
        else if (!("__pulumiUnknown" in value))
          expect(Object.keys(at(read, path) as object)).toEqual(Object.keys(value));
        else {
          const message = `${path.join(".")} is known only after an update`;
          expect(() => at(read, path)).toThrow(new UnknownValue(path.join(".")));
          expect(() => at(read, path)).toThrow(message);
        }
      }
    }),
  );
});

test("every text that is known is told, wherever it stands, and none that is not there", () => {
  fc.assert(
    fc.property(fc.array(inputs), (all) => {
      const texts = new Set<string>();
      const read = trapping(texts);
      for (const one of all) read(one);
      const known = all
        .flatMap((one) => places(one))
        .flatMap(({ value }) => (typeof value === "string" ? [value] : []));
      expect([...texts].sort()).toEqual([...new Set(known)].sort());
    }),
  );
});

test("what holds no unknown value is not copied", () => {
  const known = { spec: { containers: [{ name: "a" }] } };
  const read = trapping(new Set());
  expect(read(known)).toBe(known);
  expect(read({ known, later: UNKNOWN })["known"]).toBe(known);
});
