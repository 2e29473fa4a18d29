import type { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";

export function downCommand(): Command {
  return command("down", "Take an environment away: its node, its data, its keys. Caches stay.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .option("--keep-data", "only stop; data and keys stay for the next up")
    .action(async (name: string, options: CommonOptions & { keepData?: boolean }) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { takeDown } = await import("../deploy/down.ts");
      const keepData = options.keepData === true;
      await takeDown(readEnvironmentFile(name), { keepData }, progressOf(options));
      printResult(options, { ok: true, environment: name, keptData: keepData }, () =>
        keepData ? `${name} is stopped; its data and keys are kept` : `${name} is gone`,
      );
    });
}
