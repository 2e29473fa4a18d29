import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PLACEMENT_CODES } from "../../../../stacks/placement/codes.ts";
import { projectRoot } from "../../../../tools/paths.ts";

const here = import.meta.dirname;
const checks = join(projectRoot, "stacks", "placement");
const read = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.startsWith("codes"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");

test("every way to be refused by a place has a check that says so and a test that provokes it", () => {
  const [source, tests] = [read(checks), read(here)];
  expect(PLACEMENT_CODES.filter((code) => !source.includes(`"${code}"`))).toEqual([]);
  expect(PLACEMENT_CODES.filter((code) => !tests.includes(code))).toEqual([]);
});

test("no check reads a clock, a random number, an environment variable, a file or a locale", () => {
  const impure = ["environments.ts"];
  for (const file of readdirSync(checks).filter((name) => !impure.includes(name))) {
    const text = readFileSync(join(checks, file), "utf8");
    const found = [/Date\b/, /Math\.random/, /process\./, /node:fs/, /localeCompare/, /toLocale/].filter((word) =>
      word.test(text),
    );
    expect([file, found]).toEqual([file, []]);
  }
});
