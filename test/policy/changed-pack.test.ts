import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { projectRoot } from "../../tools/paths.ts";
import { environment, pod } from "../support/analyzed.ts";
import { startAnalyzer } from "../support/analyzer.ts";

const MODULES = "node_modules";

let checkout: string;

/** A copy of everything that the pack is made of, whose files can be changed. */
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), "breakwater-pack-"));
  for (const folder of ["policies", "cost", "runtime"]) {
    const filter = (path: string): boolean => !path.endsWith(`/${MODULES}`);
    await cp(join(projectRoot, folder), join(checkout, folder), { recursive: true, filter });
  }
  await mkdir(join(checkout, MODULES, "@breakwater"), { recursive: true });
  await symlink(join(checkout, "runtime"), join(checkout, MODULES, "@breakwater", "runtime"));
  for (const name of await readdir(join(projectRoot, MODULES))) {
    if (name === "@breakwater" || name.startsWith(".")) continue;
    await symlink(join(projectRoot, MODULES, name), join(checkout, MODULES, name));
  }
});

afterEach(() => vi.unstubAllEnvs());

afterAll(() => rm(checkout, { recursive: true }));

/** Keeps the bundle of the copy as it is now, as a start does some time after the last change. @returns its file */
function keep(): string {
  const { bundled } = createRequire(join(checkout, "policies/pack.cjs"))("./start/bundle.cjs") as {
    readonly bundled: (args: object) => { readonly file: string };
  };
  const kept = join(checkout, MODULES, ".cache/breakwater/policies.cjs");
  const now = (): number => Date.now() + 60_000;
  expect(bundled({ root: checkout, entry: "policies/index.ts", kept, now }).file).toBe(kept);
  return kept;
}

const RULE = "policies/rules/sup-001.ts";

async function change(from: string, to: string): Promise<void> {
  const text = await readFile(join(checkout, RULE), "utf8");
  expect(text).toContain(from);
  await writeFile(join(checkout, RULE), text.replace(from, to));
}

/** What the pack of the copy says of a pod whose image has a tag. */
async function said(): Promise<readonly string[]> {
  const pack = await startAnalyzer(join(checkout, "policies"), "checkout");
  try {
    const findings = await pack.analyzeStack([environment(), pod("cell:1")]);
    return findings.filter(({ policy }) => policy === "SUP-001").map(({ message }) => message);
  } finally {
    await pack.close();
  }
}

/** Without a bundler nothing but what was kept can run. */
function withoutBundler(): void {
  vi.stubEnv("ESBUILD_BINARY_PATH", "/bin/false");
}

test("the pack is made of its rules and prices, and not of the whole contract and what that parses with", async () => {
  const made = (await readFile(keep(), "utf8"))
    .split("\n")
    .flatMap((line) => /^\/\/and of (.*\.ts)$/.exec(line)?.[1] ?? []);
  expect(made).toContain(RULE);
  expect(made.filter((file) => /^runtime\/(screening|settings\/(schema|parse))/.test(file))).toEqual([]);
});

test("a changed rule is judged by as it is now, and never by a bundle that was kept before", async () => {
  keep();
  withoutBundler();
  expect(await said()).toEqual([expect.stringContaining("container c0 runs cell:1")]);
  await change("runs $", "was changed to run $");
  await expect(said()).rejects.toThrow("before it printed a port");
  vi.unstubAllEnvs();
  expect(await said()).toEqual([expect.stringContaining("container c0 was changed to run cell:1")]);
});

test.each([
  ["does not parse", "export const sup001", "export constant sup001", "sup-001.ts"],
  ["fails as it is loaded", "const BY_DIGEST", 'throw new Error("not today");\nconst BY_DIGEST', "not today"],
])("a pack with a rule that %s does not serve, and says why", async (_, from, to, why) => {
  const before = await readFile(join(checkout, RULE), "utf8");
  await change(from, to);
  await expect(said()).rejects.toThrow(new RegExp(`ended with [1-9][^]*${why}`));
  await writeFile(join(checkout, RULE), before);
});
