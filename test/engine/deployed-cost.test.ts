import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readAgainst } from "../../cli/cost/against-file.ts";
import { type CostReport, reportOf } from "../../cli/cost/report.ts";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { recordProgram, recordRun } from "../../cli/plan/recorder.ts";
import { usd } from "../../cost/currency.ts";
import { runPulumi } from "../../tools/engine/process.ts";
import { projectRoot } from "../../tools/paths.ts";
import { BareMachine } from "../support/breakwater.ts";
import { pulumi } from "../support/pulumi-available.ts";
import { type PreviewArgs, previewByEngine } from "./engine-preview.ts";

const PROGRAM = "test/fixtures/engine/deployed";
const provider = join(projectRoot, "test", "fixtures", "engine", "stand-in", "pulumi-resource-stand-in");
const folder = mkdtempSync(join(tmpdir(), "breakwater-deployed-"));
const machine = new BareMachine();
afterAll(() => {
  rmSync(folder, { recursive: true });
  machine.remove();
});

if (pulumi.path === undefined) console.log(pulumi.why);

/** A real update by providers that make nothing, and what `pulumi stack export` prints after it. */
async function deployed(
  run: Pick<PreviewArgs, "program" | "stack" | "configuration" | "secrets">,
  afterwards: PreviewArgs["afterwards"] = async () => {},
): Promise<string> {
  const file = join(folder, `${run.stack}.json`);
  const path = pulumi.path ?? "";
  await previewByEngine({
    ...{ ...run, pulumi: path, provider, args: ["up", "--yes", "--skip-preview"] },
    afterwards: async (cwd, environment) => {
      const args = ["stack", "export", "--file", file, "--stack", run.stack];
      const { code, stderrTail } = await runPulumi({ pulumi: path, cwd, environment, args });
      if (code !== 0) throw new Error(stderrTail);
      await afterwards(cwd, environment);
    },
  });
  return file;
}

const configuration = (keys: readonly string[], gib: number) =>
  `config:\n  breakwater:keys: '${JSON.stringify(keys)}'\n  breakwater:gib: ${gib}\n`;

describe.skipIf(pulumi.path === undefined)("what the real engine has deployed", () => {
  test("costs what its plan costs, as a whole environment, in the export and where `breakwater cost` looks for it", async () => {
    const environment = readEnvironmentFile("acme-dgx");
    const plan = await recordProgram("acme-dgx", environment.sections);
    const secrets = plan.filter(({ type }) => type === "breakwater:index:SecretFiles");
    const file = await deployed(
      {
        program: "stacks",
        stack: "acme-dgx",
        configuration: readFileSync(join(projectRoot, environment.file), "utf8"),
        secrets: secrets.flatMap(({ inputs }) => Object.values(inputs["files"] as Record<string, string>)),
      },
      async (cwd) => {
        const kept = join(machine.root, "state", "breakwater", "environments", "acme-dgx", "pulumi");
        cpSync(join(cwd, "state"), kept, { recursive: true });
      },
    );
    const report = await machine.run("cost", "acme-dgx", "--against", "deployed", "--json");
    for (const { against, comparison } of [
      JSON.parse(report.stdout) as CostReport,
      reportOf(environment, plan, { day: "2026-12-01", money: usd(environment.settings), against: readAgainst(file) }),
    ]) {
      expect(against).toMatchObject({ pendingOperations: 0 });
      expect(comparison?.before.expected).toBeGreaterThan(1_000_000_000);
      expect(comparison?.before).toEqual(comparison?.after);
      expect([comparison?.groups, comparison?.unpriced]).toEqual([[], []]);
    }
    const unasked = await machine.run("plan", "acme-dgx", "--summary");
    expect(unasked.stdout).toMatch(/\n {2}Against what is deployed: 0\.00 USD a month, from [\d,.]+ to [\d,.]+\n/);
  });

  test("is set beside a changed plan by what is added, removed and dearer, and shows no secret", async () => {
    const file = await deployed({
      program: PROGRAM,
      stack: "test",
      configuration: configuration(["a", "b"], 20),
      secrets: [],
    });
    const settings = { keys: ["b", "c", "d"], gib: 30 };
    const plan = await recordRun("test", settings, () => import(join(projectRoot, PROGRAM, "index.ts")));
    const environment = readEnvironmentFile("acme-aws");
    const against = readAgainst(file);
    const { comparison } = reportOf(environment, plan, {
      day: "2026-12-01",
      money: usd(environment.settings),
      against,
    });
    expect(comparison?.groups.map(({ what, change }) => [what, change])).toEqual([
      ["encryption keys", "dearer"],
      ["volumes", "dearer"],
    ]);
    expect(comparison?.added.map(({ resource }) => resource)).toEqual(["c", "d"]);
    expect(comparison?.removed.map(({ resource }) => resource)).toEqual(["a"]);
    expect([comparison?.unpriced, comparison?.unpricedAdded, comparison?.unpricedRemoved]).toEqual([[], [], []]);
    const state = readFileSync(file, "utf8");
    const [, ciphertext = "none"] = /"ciphertext": "([^"]+)"/.exec(state) ?? [];
    expect(state).toContain(ciphertext);
    expect(JSON.stringify(against)).not.toContain(ciphertext);
  });
});
