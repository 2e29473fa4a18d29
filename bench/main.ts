import { cpus, loadavg, totalmem } from "node:os";
import { benchUp, benchWarmStart } from "./deployment.ts";
import { benchInstall } from "./install.ts";
import { benchPlan } from "./plan.ts";
import { type Figure, renderTable } from "./table.ts";

/** One bench; those that install or restart something run only when they are named. */
interface Bench {
  readonly run: () => Promise<readonly Figure[]>;
  readonly byNameOnly: boolean;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  plan: { run: benchPlan, byNameOnly: false },
  up: { run: benchUp, byNameOnly: false },
  install: { run: benchInstall, byNameOnly: true },
  "warm-start": { run: benchWarmStart, byNameOnly: true },
};

/** Prints the figures of this machine; a missed target is shown and is not a failure. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    process.stderr.write(`no bench named ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}\n`);
    return 2;
  }
  const wanted = Object.entries(BENCHES).filter(([name, { byNameOnly }]) =>
    names.length === 0 ? !byNameOnly : names.includes(name),
  );
  const memory = Math.round(totalmem() / 1024 ** 3);
  const load = loadavg()[0]?.toFixed(1);
  process.stdout.write(`${cpus().length} CPUs, ${memory} GiB, load ${load}, Node ${process.version}\n\n`);
  const figures: Figure[] = [];
  for (const [, { run }] of wanted) figures.push(...(await run()));
  process.stdout.write(`${renderTable(figures)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
