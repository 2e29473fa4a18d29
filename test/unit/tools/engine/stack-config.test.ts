import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepingStackConfig } from "../../../../tools/engine/stack-config.ts";

const SALT = "encryptionsalt: v1:abc=:v1:def:ghi==\n";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stack-config-"));
  file = join(folder, "Pulumi.local.yaml");
});

afterEach(() => rm(folder, { recursive: true }));

test("the salt that a run adds is taken back, comments included", async () => {
  const before = "# who deploys\nconfig:\n  a:b: c\n";
  await writeFile(file, before);
  await keepingStackConfig(file, () => writeFile(file, `${SALT}config:\n  a:b: c\n`));
  expect(await readFile(file, "utf8")).toBe(before);
});

test("a file that held nothing but the salt is removed again", async () => {
  await keepingStackConfig(file, () => writeFile(file, SALT));
  await expect(stat(file)).rejects.toThrow("ENOENT");
});

test("a setting changed during the run is kept", async () => {
  await writeFile(file, "config:\n  a:b: c\n");
  await keepingStackConfig(file, () => writeFile(file, `${SALT}config:\n  a:b: changed\n`));
  expect(await readFile(file, "utf8")).toBe("config:\n  a:b: changed\n");
});

test("a salt that encrypted values need stays", async () => {
  const before = `${SALT}config:\n  a:b:\n    secure: v1:xyz\n`;
  await writeFile(file, before);
  await keepingStackConfig(file, async () => {});
  expect(await readFile(file, "utf8")).toBe(before);
});

test("a salt that a killed run has left is taken out before the next one", async () => {
  await writeFile(file, `config:\n  a:b: c\n${SALT}`);
  let during = "";
  await keepingStackConfig(file, async () => {
    during = await readFile(file, "utf8");
  });
  expect(during).toBe("config:\n  a:b: c\n");
});

test("a failing run is cleaned up after and still fails", async () => {
  const run = keepingStackConfig(file, async () => {
    await writeFile(file, SALT);
    throw new Error("the run failed");
  });
  await expect(run).rejects.toThrow("the run failed");
  await expect(stat(file)).rejects.toThrow("ENOENT");
});
