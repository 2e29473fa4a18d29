import { type Command, Option } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";
import { wholeNumber } from "../keys/whole-number.ts";

interface PlanOptions extends CommonOptions {
  readonly people?: number;
  readonly summary?: boolean;
}

export function planCommand(): Command {
  return command("plan", "Show what an environment would build. Needs no engine, no cluster, no account.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .addOption(new Option("--people <number>", "as if it were for that many people").argParser(wholeNumber))
    .option("--summary", "without the tree of resources")
    .action(async (name: string, options: PlanOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { forPeople } = await import("../plan/people.ts");
      const { planOf } = await import("../plan/plan.ts");
      const { renderPlan } = await import("../plan/render.ts");
      const environment = readEnvironmentFile(name);
      const plan = await planOf(options.people === undefined ? environment : forPeople(environment, options.people));
      printResult(options, plan, () => renderPlan(plan, { tree: options.summary !== true }));
    });
}
