import { interleaved, median, timed } from "./sample.ts";
import { type Figure, seconds, within } from "./table.ts";

/** Odd, so that the median is a run that took place. */
const ROUNDS = 7;
const LONG_ROUNDS = 3;

const RESOURCES = 10_000;
const MILLISECONDS_A_RESOURCE = 0.5;
const KILOBYTES_A_RESOURCE = 110;
const START_RATIO = 1.15;
const SPEED_RATIO = 2;
const COLD_PLAN_RATIO = 3;
const TYPE_CHECK_SECONDS = 12;

const NODE = process.execPath;
const BARE = [NODE, "-e", 'require("@pulumi/pulumi")'] as const;
const OURS = [NODE, "--import", "tsx", "bench/plan/ours.ts"] as const;
const IDIOMATIC = [NODE, "--import", "tsx", "bench/plan/idiomatic.ts"] as const;

/** A plan's start, its resources beside an idiomatic program's, a cold `plan local` with its parts, and the type-check. */
export async function benchPlan(): Promise<readonly Figure[]> {
  return [...(await startFigures()), ...(await resourceFigures()), ...(await coldFigures()), await typeCheckFigure()];
}

/** A program that has loaded all that it uses and has made nothing, beside a bare load of Pulumi. */
async function startFigures(): Promise<readonly Figure[]> {
  const commands = {
    bare: BARE,
    loader: [NODE, "--import", "tsx", "-e", ""],
    ours: [...OURS, "0"],
    idiomatic: [...IDIOMATIC, "0"],
  };
  const { bare, loader, ours, idiomatic } = await interleaved(commands, ROUNDS);
  return [
    { what: 'node -e require("@pulumi/pulumi")', measured: seconds(bare) },
    { what: "start of a program with root imports", measured: seconds(idiomatic) },
    { what: "start of ours", measured: seconds(ours) },
    {
      ...atMost("start of ours / bare require", ours / bare, START_RATIO),
      limit: `of it the TypeScript loader and node ${seconds(loader)}`,
    },
  ];
}

/** What one program of {@link RESOURCES} resources cost; the process prints it. */
interface Cost {
  readonly resources: number;
  readonly seconds: number;
  readonly bytes: number;
}

async function resourceFigures(): Promise<readonly Figure[]> {
  const ours: Cost[] = [];
  const idiomatic: Cost[] = [];
  for (let round = 0; round < LONG_ROUNDS; round += 1) {
    ours.push(await costOf(OURS));
    idiomatic.push(await costOf(IDIOMATIC));
  }
  const [own, other] = [milliseconds(ours), milliseconds(idiomatic)];
  const kilobytes = median(ours.map(({ bytes, resources }) => bytes / 1000 / resources));
  return [
    {
      what: `time a resource, ${RESOURCES} resources, ours`,
      measured: `${own.toFixed(2)} ms`,
      target: `<= ${MILLISECONDS_A_RESOURCE} ms`,
      met: own <= MILLISECONDS_A_RESOURCE,
    },
    {
      what: `memory a resource, ${RESOURCES} resources, ours`,
      measured: `${kilobytes.toFixed(0)} kB`,
      target: `<= ${KILOBYTES_A_RESOURCE} kB`,
      met: kilobytes <= KILOBYTES_A_RESOURCE,
    },
    { what: "time a resource, the same program with root imports", measured: `${other.toFixed(2)} ms` },
    {
      what: "root imports / ours",
      measured: `${(other / own).toFixed(2)}x`,
      target: `>= ${SPEED_RATIO}x`,
      met: other / own >= SPEED_RATIO,
    },
  ];
}

async function costOf(program: readonly string[]): Promise<Cost> {
  const { stdout } = await timed([...program, String(RESOURCES)]);
  return JSON.parse(stdout) as Cost;
}

function milliseconds(costs: readonly Cost[]): number {
  return median(costs.map((cost) => (cost.seconds * 1000) / cost.resources));
}

/** The whole repository, tests and generated classes included. */
async function typeCheckFigure(): Promise<Figure> {
  const { seconds: taken } = await timed([NODE, "node_modules/typescript/bin/tsc", "-p", ".", "--noEmit"]);
  return within("type-check of the whole repository", taken, TYPE_CHECK_SECONDS);
}

function atMost(what: string, ratio: number, target: number): Figure {
  return { what, measured: `${ratio.toFixed(2)}x`, target: `<= ${target}x`, met: ratio <= target };
}

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
async function coldFigures(): Promise<readonly Figure[]> {
  const { plan, bare } = await interleaved(
    { bare: BARE, plan: [NODE, "cli/bin.mjs", "plan", "local", "--json"] },
    ROUNDS,
  );
  const phases = await phaseSeconds();
  const slowest = [...phases].sort((a, b) => b.seconds - a.seconds)[0];
  return [
    { what: "plan local, cold", measured: seconds(plan) },
    {
      ...atMost("plan local / bare require", plan / bare, COLD_PLAN_RATIO),
      ...(slowest === undefined ? {} : { limit: `${slowest.name}, ${seconds(slowest.seconds)}` }),
    },
    ...phases.map((phase) => ({ what: `  ${phase.name}`, measured: seconds(phase.seconds) })),
  ];
}

/** The phases in one process, so that they add up; the median of each over several processes. */
async function phaseSeconds(): Promise<readonly { readonly name: string; readonly seconds: number }[]> {
  const marks = PHASES.map(([, code]) => `${code}\nmarks.push(performance.now());`).join("\n");
  const script = `const marks = [];\n${marks}\nconsole.log(JSON.stringify(marks)); process.exit(0);`;
  const runs: (readonly number[])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await timed([NODE, "--input-type=module", "-e", script]);
    const ends = JSON.parse(stdout) as readonly number[];
    runs.push(ends.map((end, index) => (end - (ends[index - 1] ?? 0)) / 1000));
  }
  return PHASES.map(([name], index) => ({ name, seconds: median(runs.map((run) => run[index] ?? 0)) }));
}
