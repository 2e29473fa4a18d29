import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { standingOnScratch } from "../../../../tools/images/dockerfile.ts";
import { folderHash } from "../../../../tools/images/folder-hash.ts";
import { IMAGE_NAMES } from "../../../../tools/images/image-name.ts";
import { contextFiles } from "../../../../tools/images/inputs.ts";
import { projectRoot } from "../../../../tools/paths.ts";

const base = readFileSync(join(projectRoot, "runtime", "base", "Dockerfile"), "utf8");
const images = IMAGE_NAMES.filter((name) => name !== "base");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-contexts-"));
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", "one"), "1");
  writeFileSync(join(folder, "two"), "2");
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each(images)(
  "the image %s is built without pulling another: every FROM is scratch or a stage of its own",
  (name) => {
    const own = contextFiles(name).find(({ path }) => path === "Dockerfile");
    const text = standingOnScratch(base, Buffer.from(own?.content ?? []).toString());
    expect(text.match(/^FROM .*$/gm)).toEqual(["FROM scratch AS base", "FROM base"]);
    expect(text).not.toContain("BASE}");
    // What the second stage starts as is what the local builder starts as.
    expect(text).toContain("ADD rootfs.tar /");
    expect(text.trimEnd()).toMatch(/ENTRYPOINT \[[^\n]+\](\nCMD \[[^\n]+\])?$/);
  },
);

test.each(images)("the base's files and those of %s do not overwrite one another in one context", (name) => {
  const paths = contextFiles(name).map(({ path }) => path.split("/")[0]);
  expect(paths.filter((path) => path === "rootfs.tar" || path === "node")).toEqual([]);
});

test("a Dockerfile that begins otherwise is refused, and nothing is guessed", () => {
  expect(() => standingOnScratch(base, "FROM debian:12\n")).toThrow("[images/context] Dockerfile: got 0 times");
});

test("a context has the same hash wherever and whenever it is made", async () => {
  const before = await folderHash(folder);
  utimesSync(join(folder, "two"), 0, 0);
  expect(await folderHash(folder)).toBe(before);
});

test.each([
  ["content", () => writeFileSync(join(folder, "a", "one"), "2")],
  ["a new file", () => writeFileSync(join(folder, "three"), "")],
  ["a file that is gone", () => rmSync(join(folder, "two"))],
  ["a file that may be executed", () => chmodSync(join(folder, "two"), 0o755)],
  ["a link", () => symlinkSync("two", join(folder, "four"))],
])("a context with other content has another tag: %s", async (_what, change) => {
  const before = await folderHash(folder);
  change();
  expect(await folderHash(folder)).not.toBe(before);
});
