import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type LiveFile, openLiveFile } from "../../../../runtime/identity/index.ts";

const directory = mkdtempSync(join(tmpdir(), "live-file-"));
const opened: LiveFile<string>[] = [];
afterEach(() => {
  for (const file of opened.splice(0)) file.close();
});

function open(path: string): { file: LiveFile<string>; events: string[] } {
  const events: string[] = [];
  const file = openLiveFile({
    path,
    parse: (text) => {
      if (text.includes("broken")) throw new Error("broken");
      return text;
    },
    onChange: () => events.push("changed"),
    onBroken: () => events.push("broken"),
    intervalMs: 1_000_000,
  });
  opened.push(file);
  return { file, events };
}

test("a changed file is taken over", () => {
  const path = join(directory, "plain");
  writeFileSync(path, "one");
  const { file, events } = open(path);
  writeFileSync(path, "two!");
  file.check();
  expect([file.current(), events]).toEqual(["two!", ["changed"]]);
});

test("a Kubernetes secret volume, which swaps a symlink to a folder, is followed", () => {
  const volume = join(directory, "volume");
  mkdirSync(join(volume, "v1"), { recursive: true });
  mkdirSync(join(volume, "v2"));
  writeFileSync(join(volume, "v1", "key"), "one");
  writeFileSync(join(volume, "v2", "key"), "two");
  symlinkSync("v1", join(volume, "..data"));
  symlinkSync("..data/key", join(volume, "key"));
  const { file } = open(join(volume, "key"));
  symlinkSync("v2", join(volume, "..data_tmp"));
  renameSync(join(volume, "..data_tmp"), join(volume, "..data"));
  file.check();
  expect(file.current()).toBe("two");
});

test("a broken or vanished file keeps the last good content, is reported once, and is taken over when mended", () => {
  const path = join(directory, "breaks");
  writeFileSync(path, "good");
  const { file, events } = open(path);
  writeFileSync(path, "broken now");
  file.check();
  file.check();
  expect([file.current(), events]).toEqual(["good", ["broken"]]);
  rmSync(path);
  file.check();
  file.check();
  expect([file.current(), events]).toEqual(["good", ["broken", "broken"]]);
  writeFileSync(path, "mended");
  file.check();
  expect([file.current(), events]).toEqual(["mended", ["broken", "broken", "changed"]]);
});

test("a file that is broken at the start is refused", () => {
  const path = join(directory, "never-good");
  writeFileSync(path, "broken");
  expect(() => open(path)).toThrow("broken");
  expect(() => open(join(directory, "missing"))).toThrow("ENOENT");
});
