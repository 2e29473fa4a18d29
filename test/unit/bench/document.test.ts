import { expect, test } from "vitest";
import { type Part, withPart } from "../../../bench/document.ts";

const part = (name: string, measured: string): Part => ({
  name,
  machine: "2 CPUs",
  day: "2026-11-23",
  figures: [{ what: "requests", measured, target: ">= 2x", met: false, limit: "a | b" }],
});

test("a part replaces its older self and leaves the others as they are", () => {
  const both = withPart(withPart("# Benchmarks\n", part("gateway", "1x")), part("audit", "9x"));
  const again = withPart(both, part("gateway", "3x"));
  expect(again).toContain("| requests | 3x | >= 2x | **missed** | a \\| b |");
  expect(again).not.toContain("1x");
  expect(again.match(/9x/g)).toHaveLength(1);
  expect(again.indexOf("## gateway")).toBeLessThan(again.indexOf("## audit"));
});
