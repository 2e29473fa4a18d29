import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";

/** What `bundled` returns. */
interface Bundled {
  readonly code: string;
  readonly file: string;
}

/** The same module as the runner loads, and no transformed copy of it. */
const { bundled } = createRequire(import.meta.url)(join(projectRoot, "policies/start/bundle.cjs")) as {
  readonly bundled: (args: { root: string; entry: string; kept: string; now: () => number }) => Bundled;
};

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "breakwater-bundle-"));
  await write(
    "program/index.ts",
    'import { rule } from "./rule.ts";\nimport { said } from "said";\nsaid(rule as string);\n',
  );
  await write("program/rule.ts", 'export const rule: string = "no bucket is public";\n');
  await write("node_modules/said/package.json", '{ "name": "said", "type": "module", "exports": "./index.js" }');
  await write("node_modules/said/index.js", "export const said = (text) => globalThis.hear(`say ${text}`);\n");
  await write("node_modules/said/other.js", "export const said = (text) => globalThis.hear(`shout ${text}`);\n");
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
}

/** A start of the program some time after the last change of its files, or right then. */
function start(secondsLater = 60, kept = join(root, "kept.cjs")): Bundled {
  return bundled({ root, entry: "program/index.ts", kept, now: () => Date.now() + secondsLater * 1000 });
}

function heard({ code }: Bundled): string {
  let text = "";
  new Function("globalThis", code)({ hear: (word: string) => (text = word) });
  return text;
}

test("a program runs from its bundle, which is kept and used again", () => {
  const first = start();
  expect([heard(first), first.file]).toEqual(["say no bucket is public", join(root, "kept.cjs")]);
  expect(start(0)).toEqual(first);
});

test.each([
  ["a file of the program", "program/rule.ts", 'export const rule = "no disk is open";', "say no disk is open"],
  [
    "a file of a package",
    "node_modules/said/index.js",
    "export const said = () => globalThis.hear('nothing');",
    "nothing",
  ],
  [
    "what a package exports",
    "node_modules/said/package.json",
    '{ "exports": "./other.js" }',
    "shout no bucket is public",
  ],
])("after a change of %s nothing that was kept is run", async (_, file, text, said) => {
  start();
  await write(file, text);
  expect(heard(start(0))).toBe(said);
  expect(heard(start())).toBe(said);
});

test("a package.json that was not there before decides too", async () => {
  start();
  await write("program/package.json", '{ "imports": {} }');
  expect(start(0).file).not.toBe(join(root, "kept.cjs"));
});

test("a file that is gone is missed", async () => {
  start();
  await rm(join(root, "program/rule.ts"));
  expect(() => start()).toThrow('Could not resolve "./rule.ts"');
});

test("what was changed just now is not kept, since it may have been read before the change", () => {
  expect(start(1).file).toBe(join(root, "program/index.ts.cjs"));
  expect(start(3).file).toBe(join(root, "kept.cjs"));
});

test.each([
  ["changed", (text: string) => text.replace("no bucket", "every bucket")],
  ["cut short", (text: string) => text.slice(0, -5)],
  ["cut to nothing", () => ""],
])("a kept bundle that was %s is not run", async (_, damage) => {
  const { file } = start();
  await writeFile(file, damage(await readFile(file, "utf8")));
  expect([heard(start(0)), start(0).file]).toEqual(["say no bucket is public", join(root, "program/index.ts.cjs")]);
});

test("where nothing can be kept each start makes its own", () => {
  const kept = join(root, "program/rule.ts/below/kept.cjs");
  expect(start(60, kept).file).toBe(join(root, "program/index.ts.cjs"));
});

test("a program that is not one is refused by its file and line", async () => {
  await write("program/rule.ts", "export const rule = ;");
  expect(() => start()).toThrow('program/rule.ts:1:20: ERROR: Unexpected ";"');
});

test("a program that reads a file from beside its source is refused", async () => {
  await write("program/rule.ts", 'export const rule = new URL("./rule.json", import.meta.url).href;');
  expect(() => start()).toThrow('"import.meta" is not available');
});

test("the map of a kept bundle leads to the sources", async () => {
  const { sources } = JSON.parse(await readFile(`${start().file}.map`, "utf8")) as { sources: readonly string[] };
  expect(sources).toContain("program/rule.ts");
});
