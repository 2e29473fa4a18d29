import fc from "fast-check";
import { expect, test } from "vitest";
import { newEnough } from "../../../../tools/go/toolchain.ts";

test("versions are compared by number, not by text", () => {
  expect(newEnough("go1.26.10", "1.26.3")).toBe(true);
  expect(newEnough("go1.9", "1.26")).toBe(false);
  expect(newEnough("go1.26.3", "1.26.3")).toBe(true);
  expect(newEnough("go1.26rc1", "1.26.0")).toBe(false);
});

test("a text that is no release is never new enough", () => {
  expect(newEnough("devel go1.27-abc", "1.26.3")).toBe(false);
  expect(newEnough("", "1.26.3")).toBe(false);
});

test("of two releases at least one is new enough for the other", () => {
  const version = fc.tuple(fc.nat(3), fc.nat(40), fc.nat(40)).map((parts) => parts.join("."));
  fc.assert(fc.property(version, version, (a, b) => newEnough(`go${a}`, b) || newEnough(`go${b}`, a)));
});
