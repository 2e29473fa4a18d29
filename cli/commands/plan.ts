import type { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";

export function planCommand(): Command {
  return command("plan", "Show what an environment would build. Needs no engine, no cluster, no account.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .action(async (name: string, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { planOf } = await import("../plan/plan.ts");
      const { renderPlan } = await import("../plan/render.ts");
      const plan = await planOf(readEnvironmentFile(name));
      printResult(options, plan, () => renderPlan(plan));
    });
}
