import type { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";
import { EXIT } from "../exit.ts";

export function statusCommand(): Command {
  return command("status", "Show what of an environment runs, and what does not.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .action(async (name: string, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { statusOf, renderStatus } = await import("../deploy/status.ts");
      const status = await statusOf(readEnvironmentFile(name));
      printResult(options, status, () => renderStatus(status));
      if (!status.ok) process.exitCode = EXIT.failed;
    });
}
