import type { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";

export function enforcersCommand(): Command {
  return command("enforcers", "Show for every setting what enforces it, and the attack that proves it.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .action(async (name: string, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { ledger } = await import("@breakwater/runtime/settings");
      const { renderLedger } = await import("../enforcers/render.ts");
      const rows = ledger(readEnvironmentFile(name).settings);
      printResult(options, rows, () => renderLedger(rows));
    });
}
