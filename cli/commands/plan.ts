import { type Command, Option } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";
import { EXIT } from "../exit.ts";
import { wholeNumber } from "../keys/whole-number.ts";

interface PlanOptions extends CommonOptions {
  readonly people?: number;
  readonly summary?: boolean;
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
    .option("--summary", "without the tree of resources and the lines of the estimate")
    .addHelpText("after", EXIT_STATUS)
    .action(async (name: string, options: PlanOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { forPeople } = await import("../plan/people.ts");
      const { judgedPlan, planRefusals } = await import("../plan/judged-plan.ts");
      const { planOf } = await import("../plan/plan.ts");
      const { renderPlan } = await import("../plan/render.ts");
      const { usd } = await import("../../cost/currency.ts");
      const file = readEnvironmentFile(name);
      const environment = options.people === undefined ? file : forPeople(file, options.people);
      const day = new Date().toISOString().slice(0, 10);
      const plan = await judgedPlan(environment, await planOf(environment), { day, money: usd(environment.settings) });
      printResult(options, plan, () => renderPlan(plan, { tree: options.summary !== true }));
      if (planRefusals(plan).length > 0) process.exitCode = EXIT.failed;
    });
}
