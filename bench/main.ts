import { cpus, loadavg, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { benchAudit } from "./audit.ts";
import { benchBudget } from "./budget.ts";
import { benchCost } from "./cost.ts";
import { benchUp, benchWarmStart } from "./deployment.ts";
import { writeParts } from "./document.ts";
import { benchGateway } from "./gateway.ts";
import { benchInstall } from "./install.ts";
import { benchPlan } from "./plan.ts";
import { benchPolicy } from "./policy.ts";
import { benchScreening } from "./screening.ts";
import { type Figure, renderTable } from "./table.ts";

/** One bench; those that install or restart something, or need the machine for themselves, run only when they are named. */
interface Bench {
  readonly run: () => Promise<readonly Figure[]>;
  readonly byNameOnly: boolean;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  plan: { run: benchPlan, byNameOnly: false },
  cost: { run: benchCost, byNameOnly: true },
  policy: { run: benchPolicy, byNameOnly: true },
  up: { run: benchUp, byNameOnly: false },
  install: { run: benchInstall, byNameOnly: true },
  "warm-start": { run: benchWarmStart, byNameOnly: true },
  gateway: { run: benchGateway, byNameOnly: true },
  audit: { run: benchAudit, byNameOnly: true },
  screening: { run: benchScreening, byNameOnly: true },
  budget: { run: benchBudget, byNameOnly: true },
};

/** Prints the figures of this machine; a missed target is shown and is not a failure. `--write` keeps them in docs/benchmarks.md. */
async function main(argv: readonly string[]): Promise<number> {
  const { positionals: names, values } = parseArgs({
    args: [...argv],
    options: { write: { type: "boolean", default: false } },
    allowPositionals: true,
  });
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
  const machine = `${cpus().length} CPUs, ${memory} GiB, load ${load}, Node ${process.version}`;
  process.stdout.write(`${machine}\n\n`);
  const day = new Date().toISOString().slice(0, 10);
  for (const [name, { run }] of wanted) {
    const figures = await run();
    process.stdout.write(`${renderTable(figures)}\n\n`);
    if (values.write) writeParts([{ name, machine, day, figures }]);
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
