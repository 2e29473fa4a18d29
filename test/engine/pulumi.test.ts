import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { preview, type StackRun } from "../../tools/engine/runs.ts";
import { projectRoot } from "../../tools/paths.ts";
import type { Progress } from "../../tools/progress.ts";
import { pulumi } from "../support/pulumi-available.ts";

const FIXTURES = join(projectRoot, "test", "fixtures", "engine");
const PROGRAM = join(FIXTURES, "program");

/** A pid that no process has: above the largest that Linux gives out. */
const DEAD_PID = 4_194_305;

if (pulumi.path === undefined) console.log(pulumi.why);

describe.skipIf(pulumi.path === undefined)("with the real engine", () => {
  let folder: string;
  let run: StackRun;
  let said: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-"));
    for (const name of ["home", "state", "secrets"]) await mkdir(join(folder, name));
    await writeFile(join(folder, "secrets", "token"), "token-of-the-test");
    await writeFile(join(folder, "passphrase"), "passphrase");
    said = [];
    const progress: Progress = {
      start: (label) => {
        said.push(`start ${label}`);
        return {
          update: () => {},
          done: () => said.push(`done ${label}`),
          fail: () => said.push(`fail ${label}`),
        };
      },
    };
    const variables = {
      PATH: `${dirname(pulumi.path ?? "")}:${process.env["PATH"]}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      BREAKWATER_SECRETS: join(folder, "secrets"),
    };
    const project = { folder: PROGRAM, name: "engine-fixture", stackConfigFolder: PROGRAM };
    run = { stack: "test", engine: { pulumi: pulumi.path ?? "" }, variables, progress, project };
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
    await rm(join(PROGRAM, "Pulumi.test.yaml"), { force: true });
  });

  const configure = (config: Readonly<Record<string, string>>) =>
    writeFile(
      join(PROGRAM, "Pulumi.test.yaml"),
      `config:\n${Object.entries(config)
        .map(([key, value]) => `  engine-fixture:${key}: ${value}\n`)
        .join("")}`,
    );

  test("a preview counts what it would create and says each resource once", async () => {
    const summary = await preview(run);
    expect(summary.changes).toEqual({ create: 3 });
    expect(said.filter((line) => !line.includes("planning"))).toEqual([
      "start create fixture:index:Box box",
      "done create fixture:index:Box box",
      "start create breakwater:index:SecretFiles keys",
      "done create breakwater:index:SecretFiles keys",
    ]);
  });

  test("our plugins load without a warning", async () => {
    await configure({ greeting: "hello", password: "word" });
    expect((await preview(run)).warnings).toEqual([]);
  });

  test("a run leaves the stack's file as it was", async () => {
    await configure({ greeting: "hello" });
    const before = await readFile(join(PROGRAM, "Pulumi.test.yaml"), "utf8");
    await preview(run);
    expect(await readFile(join(PROGRAM, "Pulumi.test.yaml"), "utf8")).toBe(before);
  });

  test.each([
    ["run as by Pulumi", "pack"],
    ["run without a TypeScript compiler", "plain-pack"],
  ])("a broken mandatory policy of a pack %s fails the preview with the policy's words", async (_, pack) => {
    const policyPacks = [join(FIXTURES, pack)];
    expect((await preview({ ...run, policyPacks })).changes).toEqual({ create: 3 });
    await configure({ secretName: "forbidden" });
    await expect(preview({ ...run, policyPacks })).rejects.toThrow(
      "[engine/policy] stack test: got no-forbidden-name: breakwater:index:SecretFiles keys: No Secret is called forbidden. it is called forbidden; expected",
    );
  });

  test.each(["at once", "later"])("a pack that fails to load, %s, fails the preview", async (when) => {
    const variables = { ...run.variables, FIXTURE_PACK_FAILS: when };
    const failing = preview({ ...run, variables, policyPacks: [join(FIXTURES, "plain-pack")] });
    await expect(failing).rejects.toThrow(/plain-pack" failed to start: .* exit status 1;/);
  });

  test("a missing secret file fails the preview by its name", async () => {
    await rm(join(folder, "secrets", "token"));
    await expect(preview(run)).rejects.toThrow("[secrets/missing-file] files[token]");
  });

  test("a failing program fails the preview with its own words", async () => {
    await configure({ fail: "true" });
    await expect(preview(run)).rejects.toThrow("the program was told to fail");
  });

  test("the lock of a killed run is removed", async () => {
    await preview(run);
    const lock = await lockStack({ pid: DEAD_PID, hostname: hostname() });
    await preview(run);
    await expect(stat(lock)).rejects.toThrow("ENOENT");
  });

  test("a lock of another machine is respected and its holder named", async () => {
    await preview(run);
    const lock = await lockStack({ pid: 1, hostname: "elsewhere" });
    await expect(preview(run)).rejects.toThrow("[engine/locked] stack test: got a run of somebody on elsewhere");
    expect((await stat(lock)).isFile()).toBe(true);
  });

  test("an interrupted run says so and leaves no task open", async () => {
    await preview(run);
    said.length = 0;
    await expect(preview({ ...run, signal: AbortSignal.abort() })).rejects.toThrow("[engine/cancelled]");
    expect(said.filter((line) => line.startsWith("start")).length).toBe(
      said.filter((line) => !line.startsWith("start")).length,
    );
  });

  async function lockStack(owner: { pid: number; hostname: string }): Promise<string> {
    const locks = join(folder, "state", ".pulumi", "locks", "organization", "engine-fixture", "test");
    await mkdir(locks, { recursive: true });
    expect(await readdir(locks)).toEqual([]);
    const file = join(locks, "0c0ffee0-0000-4000-8000-000000000000.json");
    await writeFile(file, JSON.stringify({ ...owner, username: "somebody", timestamp: "2026-11-23T00:00:00Z" }));
    return file;
  }
});
