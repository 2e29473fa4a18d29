import { readEnvironmentFile } from "../cli/environment.ts";
import { estimateOf } from "../cost/estimate.ts";
import { sumOf } from "../cost/money.ts";
import type { CostedResource } from "../cost/resource.ts";
import { median, timed } from "./sample.ts";
import type { Figure } from "./table.ts";

const TENANTS = 1000;
const CLOUDS = ["acme-aws", "acme-alibaba", "acme-tencent"] as const;
const ROUNDS = 7;
const LIMIT_MS = 300;

/** CNY for one USD; any rate does, because only the time counts. */
const RATES = { CNY: 7_100_000 };

/** A cloud's plan and settings with {@link TENANTS} tenants. */
interface Grown {
  readonly resources: readonly CostedResource[];
  readonly settings: ReturnType<typeof readEnvironmentFile>["settings"];
}

/** The pricing of three planned clouds with a thousand tenants each; planning them is not in the figure. */
export async function benchCost(): Promise<readonly Figure[]> {
  const grown: Grown[] = [];
  for (const cloud of CLOUDS) grown.push(await grow(cloud));
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) taken.push(price(grown));
  const milliseconds = median(taken);
  const resources = grown.reduce((sum, each) => sum + each.resources.length, 0);
  return [
    {
      what: `${TENANTS} tenants x ${CLOUDS.length} clouds priced`,
      measured: `${milliseconds.toFixed(0)} ms`,
      target: `<= ${LIMIT_MS} ms`,
      met: milliseconds <= LIMIT_MS,
      limit: `${resources} resources, of which each volume and workload is read; median of ${ROUNDS}`,
    },
    {
      what: "  the first of them, in a fresh process",
      measured: `${(taken[0] ?? 0).toFixed(0)} ms`,
      limit: "reading the price book, and compiling what reads the inputs",
    },
  ];
}

/** @returns milliseconds. */
function price(grown: readonly Grown[]): number {
  const started = performance.now();
  const estimates = grown.map(({ resources, settings }) =>
    estimateOf(resources, settings, { day: "2026-11-24", rates: RATES }),
  );
  const took = performance.now() - started;
  for (const { lines, total, tenants } of estimates) {
    const sum = sumOf(lines.map(({ microUsd }) => microUsd));
    if (sum.expected !== total.expected || tenants.length !== TENANTS) throw new Error("the estimate does not add up");
  }
  return took;
}

/** The environment's own plan, with its first tenant's resources once more for each further tenant. */
async function grow(environment: string): Promise<Grown> {
  const argv = [process.execPath, "--import", "tsx", "cli/main.ts", "plan", environment, "--json"];
  const { resources } = JSON.parse((await timed(argv)).stdout) as { resources: readonly CostedResource[] };
  const { settings } = readEnvironmentFile(environment);
  const { tenants } = settings.multi_tenant;
  const [first] = tenants;
  if (first === undefined) throw new Error(`${environment} has no tenant`);
  const own = resources.filter(({ name }) => name === first.id || name.startsWith(`${first.id}-`));
  const more = Array.from({ length: TENANTS - tenants.length }, (_, number) => `tenant${number}`);
  return {
    resources: [...resources, ...more.flatMap((id) => own.map((resource) => renamed(resource, first.id, id)))],
    settings: {
      ...settings,
      multi_tenant: { ...settings.multi_tenant, tenants: [...tenants, ...more.map((id) => ({ ...first, id }))] },
    },
  };
}

function renamed(resource: CostedResource, from: string, to: string): CostedResource {
  return JSON.parse(JSON.stringify(resource).replaceAll(from, to)) as CostedResource;
}
