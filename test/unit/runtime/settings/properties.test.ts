import { mergeSections, parseSections, parseSettings } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { localRaw, localWith, refusals, sourceFiles } from "./sample.ts";

/** Every object inside `value` that the schema fixes the keys of, by its path. */
function objects(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => objects(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, item]) => objects(item, [...path, key]));
  const named = path.join() === "model_providers" || /_budgets_monthly_usd$/.test(String(path.at(-1)));
  return named ? inside : [path, ...inside];
}

function format(path: readonly (string | number)[]): string {
  return path
    .reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${part}`), "")
    .slice(1);
}

test("an unknown key in any object is refused with its path", () => {
  const key = fc.stringMatching(/^x_[a-z_]{1,12}$/);
  fc.assert(
    fc.property(fc.constantFrom(...objects(localRaw())), key, fc.jsonValue({ maxDepth: 2 }), (path, name, value) => {
      const raw = localRaw();
      const target = path.reduce<unknown>((part, step) => (part as Record<string | number, unknown>)[step], raw);
      (target as Record<string, unknown>)[name] = value;
      expect(refusals(raw)).toContain(`settings/unknown-key ${format([...path, name])}`);
    }),
  );
});

/** The same data with the keys of every object in another order. */
function reordered(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, seed));
  if (typeof value !== "object" || value === null) return value;
  const rank = (text: string) =>
    [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0) + seed) % 9973, seed);
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, item]) => [key, reordered(item, seed)]));
}

test("settings do not depend on the order of keys, byte for byte", () => {
  const expected = JSON.stringify(parseSettings(localRaw()).settings);
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      expect(JSON.stringify(parseSettings(reordered(localRaw(), seed)).settings)).toBe(expected);
    }),
  );
});

test("problems do not depend on the order of keys", () => {
  const wrong = localWith("deployment", { size: 1, topology: "x", extra: true });
  const expected = refusals(wrong);
  expect(expected.length).toBeGreaterThan(4);
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      expect(refusals(reordered(wrong, seed))).toEqual(expected);
    }),
  );
});

test("what was parsed, written as JSON, is read again to the same settings without a correction", () => {
  const wechat = sourceFiles.find(({ name }) => name === "channels-wechat-work.json");
  const raw = localWith("channels", (wechat?.content as { channels: unknown } | undefined)?.channels);
  const { settings } = parseSettings(raw);
  expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual({ settings, corrections: [] });
  const { sections } = parseSections(mergeSections(sourceFiles));
  expect(parseSections(JSON.parse(JSON.stringify(sections)))).toEqual({ sections, corrections: [] });
});

test("any data is either accepted or refused with problems, and never breaks the parser", () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 5, withNullPrototype: true }), (raw) => {
      expect(refusals(raw).length).toBeGreaterThan(0);
    }),
  );
});

test("settings share nothing with their input and cannot be changed", () => {
  const raw = localRaw();
  const { settings } = parseSettings(raw);
  (raw["front_door"] as { port: number }).port = 1;
  expect(settings.front_door.port).toBe(18_789);
  expect(() => Object.assign(settings.front_door, { port: 2 })).toThrow(TypeError);
});
