import { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";
import { EXIT } from "../exit.ts";

export function clusterCommand(): Command {
  return new Command("cluster")
    .description("The Kubernetes node of environments on this machine.")
    .addCommand(up())
    .addCommand(down())
    .addCommand(status())
    .exitOverride();
}

function up(): Command {
  return command("up", "Start the node, or heal it.").action(async (options: CommonOptions) => {
    const { clusterUp } = await import("../../tools/cluster/index.ts");
    const { kind, kubeconfig, frontDoorAddress } = await clusterUp({ installPackages: true }, progressOf(options));
    const result = { kind, kubeconfig, frontDoorAddress };
    printResult(options, result, () => `export KUBECONFIG=${kubeconfig}`);
  });
}

function down(): Command {
  return command("down", "Stop the node and remove everything of it from this machine.")
    .option("--keep-data", "keep etcd, images and volumes for the next start")
    .action(async (options: CommonOptions & { keepData?: boolean }) => {
      const { clusterDown } = await import("../../tools/cluster/index.ts");
      await clusterDown({ keepData: options.keepData === true }, progressOf(options));
      printResult(options, { ok: true }, () => "the node is gone");
    });
}

function status(): Command {
  return command("status", "Name what runs, and what does not.").action(async (options: CommonOptions) => {
    const { clusterStatus, renderClusterStatus } = await import("../../tools/cluster/index.ts");
    const result = await clusterStatus();
    printResult(options, result, () => renderClusterStatus(result));
    if (!result.ok) process.exitCode = EXIT.failed;
  });
}
