import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSources } from "../../../../cli/check/files.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "breakwater-check-"));
});

afterEach(() => rmSync(root, { recursive: true }));

function seen(...names: readonly string[]) {
  return readSources(names.map((name) => join(root, name))).map((source) =>
    "fault" in source ? source.fault.code : relative(root, source.name),
  );
}

test("a folder is read to its depth, manifests alone, by name, each once, and without following links to folders", () => {
  mkdirSync(join(root, "b", "c"), { recursive: true });
  for (const name of ["z.yml", "a.yaml", "notes.md", "b/c/x.json"]) writeFileSync(join(root, name), "");
  symlinkSync(root, join(root, "b", "loop.yaml"));
  symlinkSync(join(root, "a.yaml"), join(root, "b", "same.yaml"));
  expect(seen(".", "z.yml")).toEqual(["a.yaml", "b/c/x.json", "z.yml"]);
});

test("a file that is named is read whatever its name", () => {
  writeFileSync(join(root, "manifest.txt"), "");
  expect(seen("manifest.txt")).toEqual(["manifest.txt"]);
});

test("what is not there, and a folder without manifests, are faults that do not hide the rest", () => {
  mkdirSync(join(root, "empty"));
  writeFileSync(join(root, "a.yaml"), "");
  symlinkSync(join(root, "gone"), join(root, "dangling.yaml"));
  expect(seen("nowhere", "empty", "dangling.yaml", "a.yaml")).toEqual([
    "check/unreadable",
    "check/empty",
    "check/unreadable",
    "a.yaml",
  ]);
});
