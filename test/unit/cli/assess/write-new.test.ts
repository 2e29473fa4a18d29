import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeNew } from "../../../../cli/assess/write-new.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-assess-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("an environment that is there is never replaced", () => {
  const file = join(folder, "Pulumi.mine.yaml");
  writeFileSync(file, "mine");
  expect(() => writeNew(file, "other")).toThrow("[assess/unwritable]");
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test("a folder that is not there is named", () => {
  expect(() => writeNew(join(folder, "none", "a.yaml"), "text")).toThrow("ENOENT");
});
