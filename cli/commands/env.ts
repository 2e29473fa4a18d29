import type { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";

export function envCommand(): Command {
  return command("env", 'Print the variables with which `pulumi` by hand does the same: eval "$(breakwater env local)"')
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .action(async (name: string, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { ensureEngine, prepareEnvironment } = await import("../../tools/engine/index.ts");
      const { clusterStatus } = await import("../../tools/cluster/index.ts");
      const { engineExports, engineVariables } = await import("../deploy/engine-variables.ts");
      const { name: environment, settings } = readEnvironmentFile(name);
      const engine = await ensureEngine(progressOf(options));
      const here = settings.deployment.topology === "local";
      const kubeconfig = here ? ((await clusterStatus()).kubeconfig ?? "") : undefined;
      await prepareEnvironment(environment);
      const args = { environment, topology: settings.deployment.topology, engine, kubeconfig };
      printResult(options, engineVariables(args), () => engineExports(args));
    });
}
