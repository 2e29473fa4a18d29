import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  appendFact,
  FactRefused,
  factLine,
  MAX_DAY_BYTES,
  MAX_FACT_BYTES,
  MAX_MEMORY_BYTES,
} from "../../../../runtime/cell/plugins/cell-guard/memory-file.ts";

const now = new Date("2026-11-23T23:59:59Z");
let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "breakwater-memory-"));
});
afterEach(() => rmSync(workspace, { recursive: true }));

describe("a fact", () => {
  test("is appended to the file of the UTC day", () => {
    expect(appendFact(workspace, "one", now)).toBe("memory/2026-11-23.md");
    appendFact(workspace, "two", now);
    expect(readFileSync(join(workspace, "memory/2026-11-23.md"), "utf8")).toBe("- one\n- two\n");
  });

  test("is one line, whatever it contains", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text.replaceAll(/[\s\p{Cc}]/gu, "") !== "");
        const line = factLine(text);
        expect(line.endsWith("\n")).toBe(true);
        expect(line.slice(0, -1)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  test.each([["" as unknown], [" \n\t"], [7], [undefined]])("is refused when it is %j", (text) => {
    expect(() => appendFact(workspace, text, now)).toThrow(FactRefused);
  });

  test("is refused when it is longer than the limit, and fits at the limit", () => {
    expect(() => factLine("é".repeat(MAX_FACT_BYTES / 2 + 1))).toThrow(FactRefused);
    expect(factLine("é".repeat(MAX_FACT_BYTES / 2))).toHaveLength(MAX_FACT_BYTES / 2 + 3);
  });

  test("is refused when the day is full", () => {
    mkdirSync(join(workspace, "memory"));
    writeFileSync(join(workspace, "memory/2026-11-23.md"), "x".repeat(MAX_DAY_BYTES - 3));
    expect(() => appendFact(workspace, "one", now)).toThrow("the memory of this day is full");
  });

  test("is refused when the memory is full", () => {
    mkdirSync(join(workspace, "memory"));
    writeFileSync(join(workspace, "memory/2025-01-01.md"), "x".repeat(MAX_MEMORY_BYTES));
    expect(() => appendFact(workspace, "one", now)).toThrow("the memory is full");
  });

  test("does not follow a link out of the workspace", () => {
    const outside = join(workspace, "outside");
    writeFileSync(outside, "");
    mkdirSync(join(workspace, "memory"));
    symlinkSync(outside, join(workspace, "memory/2026-11-23.md"));
    expect(() => appendFact(workspace, "one", now)).toThrow();
    expect(readFileSync(outside, "utf8")).toBe("");
  });

  test("is refused when the memory folder is a link", () => {
    mkdirSync(join(workspace, "elsewhere"));
    symlinkSync(join(workspace, "elsewhere"), join(workspace, "memory"));
    expect(() => appendFact(workspace, "one", now)).toThrow("memory is not a folder of the workspace");
  });
});
