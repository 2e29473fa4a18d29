import { interleaved, median, timed } from "./sample.ts";
import { type Figure, seconds } from "./table.ts";

/** Odd, so that the median is a run that took place. */
const ROUNDS = 7;
const TARGET_RATIO = 3;

/** Parts of `breakwater plan`, each timed in a fresh process from its start to the end of that part. */
const PHASES = [
  ["node starts", ""],
  ["TypeScript loader", 'const { register } = await import("tsx/esm/api"); register();'],
  [
    "environment file read and checked",
    'const { readEnvironmentFile } = await import("./cli/environment.ts"); globalThis.file = readEnvironmentFile("local");',
  ],
  [
    "Pulumi and the recorder loaded",
    'const plan = await import("./cli/plan/plan.ts"); globalThis.planOf = plan.planOf;',
  ],
  ["program run", "await globalThis.planOf(globalThis.file);"],
] as const;

/** Cold `plan local` against a bare load of Pulumi, and where its time goes. */
export async function benchPlan(): Promise<readonly Figure[]> {
  const node = process.execPath;
  const { plan, bare } = await interleaved(
    {
      bare: [node, "-e", 'require("@pulumi/pulumi")'],
      plan: [node, "cli/bin.mjs", "plan", "local", "--json"],
    },
    ROUNDS,
  );
  const ratio = plan / bare;
  const phases = await phaseSeconds(node);
  const slowest = [...phases].sort((a, b) => b.seconds - a.seconds)[0];
  return [
    { what: 'node -e require("@pulumi/pulumi")', measured: seconds(bare) },
    { what: "plan local, cold", measured: seconds(plan) },
    {
      what: "plan local / bare require",
      measured: `${ratio.toFixed(2)}x`,
      target: `<= ${TARGET_RATIO}x`,
      met: ratio <= TARGET_RATIO,
      ...(slowest === undefined ? {} : { limit: `${slowest.name}, ${seconds(slowest.seconds)}` }),
    },
    ...phases.map((phase) => ({ what: `  ${phase.name}`, measured: seconds(phase.seconds) })),
  ];
}

/** The phases in one process, so that they add up; the median of each over several processes. */
async function phaseSeconds(node: string): Promise<readonly { readonly name: string; readonly seconds: number }[]> {
  const marks = PHASES.map(([, code]) => `${code}\nmarks.push(performance.now());`).join("\n");
  const script = `const marks = [];\n${marks}\nconsole.log(JSON.stringify(marks)); process.exit(0);`;
  const runs: (readonly number[])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await timed([node, "--input-type=module", "-e", script]);
    const ends = JSON.parse(stdout) as readonly number[];
    runs.push(ends.map((end, index) => (end - (ends[index - 1] ?? 0)) / 1000));
  }
  return PHASES.map(([name], index) => ({ name, seconds: median(runs.map((run) => run[index] ?? 0)) }));
}
