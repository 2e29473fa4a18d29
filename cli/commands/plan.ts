import { type Command, Option } from "commander";
import { type CommonOptions, command } from "../command.ts";
import { EXIT } from "../exit.ts";
import { wholeNumber } from "../keys/whole-number.ts";
import type { JudgedPlan } from "../plan/judged-plan.ts";

const FORMATS = ["text", "html", "json"] as const;
type Format = (typeof FORMATS)[number];

interface PlanOptions extends CommonOptions {
  readonly people?: number;
  readonly summary?: boolean;
  readonly format: Format;
  readonly out?: string;
}

const EXIT_STATUS = `
Exit status: 0 it may be deployed; 1 a mandatory rule is broken, the budget is not known to be kept, or refused; 2 wrong
command line.`;

export function planCommand(): Command {
  return command(
    "plan",
    "Show what an environment would build, what the policies say of it and what it costs. Needs no engine, no cluster, no account.",
  )
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .addOption(new Option("--people <number>", "as if it were for that many people").argParser(wholeNumber))
    .option("--summary", "text without the tree of resources and the lines of the estimate")
    .addOption(new Option("--format <format>", "text, html (one page), json").choices([...FORMATS]).default("text"))
    .option("--out <file>", "where it goes; replaces what is there; without it standard output")
    .addHelpText("after", EXIT_STATUS)
    .action(async (name: string, options: PlanOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { forPeople } = await import("../plan/people.ts");
      const { judgedPlan, planRefusals } = await import("../plan/judged-plan.ts");
      const { planOf } = await import("../plan/plan.ts");
      const { deployedOrWhy } = await import("../cost/deployed.ts");
      const { usd } = await import("../../cost/currency.ts");
      const file = readEnvironmentFile(name);
      const environment = options.people === undefined ? file : forPeople(file, options.people);
      const day = new Date().toISOString().slice(0, 10);
      const plan = await judgedPlan(environment, await planOf(environment), {
        ...{ day, money: usd(environment.settings) },
        against: await deployedOrWhy(name),
      });
      await put((await shown(plan, options)).trimEnd(), options);
      if (planRefusals(plan).length > 0) process.exitCode = EXIT.failed;
    });
}

async function put(text: string, { out, json }: PlanOptions): Promise<void> {
  if (out === undefined) {
    process.stdout.write(`${text}\n`);
    return;
  }
  const { writePage } = await import("../write-page.ts");
  writePage(out, text);
  if (!json) process.stdout.write(`wrote ${out}\n`);
}

async function shown(plan: JudgedPlan, { json, format, summary }: PlanOptions): Promise<string> {
  if (json || format === "json") return JSON.stringify(plan, null, 2);
  if (format === "html") return (await import("../plan/html/render-html.ts")).renderPlanPage(plan);
  return (await import("../plan/render.ts")).renderPlan(plan, { tree: summary !== true });
}
