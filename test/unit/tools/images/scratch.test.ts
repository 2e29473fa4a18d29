import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProblemError } from "@breakwater/runtime/problems";
import { afterAll, expect, test } from "vitest";
import { scratchArchive, writeScratchImage } from "../../../../tools/images/scratch.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-scratch-"));
afterAll(() => rmSync(folder, { recursive: true }));
const reference = "docker.io/breakwater/pause:1";
const file = (path: string) => ({ path, mode: 0o755, content: Buffer.from("static binary") });

test("the same files give the same archive, in any order", () => {
  const one = scratchArchive(reference, [file("/a/b"), file("/pause")], ["/pause"]);
  const two = scratchArchive(reference, [file("/pause"), file("/a/b")], ["/pause"]);
  expect(one.equals(two)).toBe(true);
});

test("tar reads the archive, and the layer holds the files with their folders", async () => {
  const source = join(folder, "binary");
  writeFileSync(source, "static binary");
  const out = join(folder, "sub", "pause.tar");
  const files = [{ path: "/usr/bin/pause", source, mode: 0o755 }];
  await writeScratchImage({ reference, files, entrypoint: ["/usr/bin/pause"], out });
  execFileSync("tar", ["xf", out, "-C", folder]);
  const [manifest] = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  expect(manifest.RepoTags).toEqual([reference]);
  expect(execFileSync("tar", ["tf", join(folder, manifest.Layers[0])]).toString()).toBe(
    "usr/\nusr/bin/\nusr/bin/pause\n",
  );
  const config = JSON.parse(readFileSync(join(folder, manifest.Config), "utf8"));
  expect(config.config).toEqual({ Entrypoint: ["/usr/bin/pause"] });
});

test.each(["pause", "/../pause", "/a/../b", "/a/"])("the path %j is refused", (path) => {
  expect(() => scratchArchive(reference, [file(path)], ["/pause"])).toThrow(ProblemError);
});
