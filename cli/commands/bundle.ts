import type { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";

export function bundleCommand(): Command {
  return command("bundle", "List all that an environment takes from elsewhere, for a place without internet.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .requiredOption("--list", "print the list; nothing is fetched")
    .action(async (name: string, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { bundleOf } = await import("../bundle/bundle.ts");
      const { planWithImages } = await import("../bundle/record.ts");
      const { renderBundle } = await import("../bundle/render.ts");
      const bundle = bundleOf(name, await planWithImages(readEnvironmentFile(name)));
      printResult(options, bundle, () => renderBundle(bundle));
    });
}
