import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FACTS_TYPE } from "@breakwater/runtime/settings";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { previewByEngine } from "../../test/engine/engine-preview.ts";
import { type Analyzed, startAnalyzer, UNKNOWN } from "../../test/support/analyzer.ts";
import { pulumi } from "../../test/support/pulumi-available.ts";
import { projectRoot } from "../../tools/paths.ts";
import { median } from "../sample.ts";
import { type Figure, seconds, within } from "../table.ts";
import type { RecordedPlan } from "./recorded.ts";

const PACK = join(projectRoot, "policies");
const ROUNDS = 3;
const LIMIT_SECONDS = 1.5;

/** What `--policy-pack policies` adds to a preview of an environment, and what the runner alone takes for the same. */
export async function packFigures(plan: RecordedPlan): Promise<readonly Figure[]> {
  const runs: Run[] = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await run(plan));
  const start = median(runs.map((one) => one.start));
  const judging = median(runs.map((one) => one.judging));
  const parts = [
    { what: "  the runner's start, until it serves", measured: seconds(start) },
    { what: "  the runner's answers: each resource, then the stack", measured: seconds(judging) },
  ];
  return [
    pulumi.path === undefined ? withoutEngine(plan, start + judging) : await overhead(plan, pulumi.path),
    ...parts,
  ];
}

/** Where no engine was built. */
function withoutEngine({ environment }: RecordedPlan, taken: number): Figure {
  return within(
    `pack: its runner alone, ${environment}`,
    taken,
    LIMIT_SECONDS,
    "no engine here: not the overhead of a preview",
  );
}

/** Previews by the real engine with and without the pack in turn, so that load hits both alike. */
async function overhead(plan: RecordedPlan, engine: string): Promise<Figure> {
  const runs: { readonly bare: number; readonly packed: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bare = await preview(plan, engine, []);
    const packed = await preview(plan, engine, ["--policy-pack", PACK]);
    runs.push({ bare, packed });
  }
  const bare = median(runs.map((one) => one.bare));
  const added = median(runs.map((one) => one.packed - one.bare));
  const what = `pack: added to an engine preview of ${plan.environment}, ${plan.resources.length} resources`;
  return within(what, added, LIMIT_SECONDS, `${seconds(bare)} without it; median of ${ROUNDS} pairs`);
}

/** @returns seconds. */
async function preview(
  { environment, resources }: RecordedPlan,
  engine: string,
  more: readonly string[],
): Promise<number> {
  const { file } = readEnvironmentFile(environment);
  const secrets = resources.filter(({ type }) => type === "breakwater:index:SecretFiles");
  const started = performance.now();
  await previewByEngine({
    pulumi: engine,
    program: "stacks",
    stack: environment,
    configuration: readFileSync(join(projectRoot, file), "utf8"),
    secrets: secrets.flatMap(({ inputs }) => Object.values(inputs["files"] as Record<string, string>)),
    args: ["preview", ...more],
  });
  return (performance.now() - started) / 1000;
}

/** One life of the runner, in seconds. */
interface Run {
  readonly start: number;
  readonly judging: number;
}

/** As the engine does it: each resource by itself, and then all of them. */
async function run({ facts, settings, resources }: RecordedPlan): Promise<Run> {
  const analyzed = resources.map(
    ({ urn, type, name, inputs }): Analyzed => ({
      urn,
      type,
      name,
      props: type === FACTS_TYPE ? { ...facts, settings } : withUnknowns(inputs),
    }),
  );
  const started = performance.now();
  const pack = await startAnalyzer(PACK, "checkout");
  const serving = performance.now();
  for (const resource of analyzed) await pack.analyze(resource);
  const findings = await pack.analyzeStack(analyzed);
  const ended = performance.now();
  await pack.close();
  const refused = findings.filter(({ level }) => level === "mandatory");
  if (refused.length > 0) throw new Error(`${refused[0]?.policy} refuses a shipped environment`);
  return { start: (serving - started) / 1000, judging: (ended - serving) / 1000 };
}

/** What is unknown as the engine writes it. */
function withUnknowns(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const engines = (_: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && "__pulumiUnknown" in value ? UNKNOWN : value;
  return JSON.parse(JSON.stringify(inputs, engines)) as Record<string, unknown>;
}
