import type { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";

/** Topologies whose images are built into a registry of the cloud, by whoever runs the update. */
const WITH_REGISTRY: readonly string[] = ["aws", "alibaba", "tencent"];

export function imagesCommand(): Command {
  return command(
    "images",
    "Build the runtime images whose inputs have changed, or prepare what a cloud's are built from.",
  )
    .argument("[environment]", "name of stacks/Pulumi.<environment>.yaml; left out: build on this machine")
    .action(async (environment: string | undefined, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const topology =
        environment === undefined ? "local" : readEnvironmentFile(environment).settings.deployment.topology;
      await (WITH_REGISTRY.includes(topology) ? prepareContexts(options) : buildImages(options));
    });
}

async function buildImages(options: CommonOptions): Promise<void> {
  const { ensureImages } = await import("../../tools/images/index.ts");
  const { ensureCommands } = await import("../../tools/packages.ts");
  const progress = progressOf(options);
  await ensureCommands({ buildah: "buildah", mmdebstrap: "mmdebstrap" }, progress);
  const images = await ensureImages(progress);
  printResult(options, images, () => images.map(({ reference }) => reference).join("\n"));
}

async function prepareContexts(options: CommonOptions): Promise<void> {
  const { contextLockFile, ensureContexts } = await import("../../tools/images/index.ts");
  const { ensureCommands } = await import("../../tools/packages.ts");
  const progress = progressOf(options);
  await ensureCommands({ mmdebstrap: "mmdebstrap" }, progress);
  const contexts = await ensureContexts(progress);
  const lock = contextLockFile();
  printResult(options, { lock, contexts }, () =>
    [...contexts.map(({ name, tag }) => `${name}:${tag}`), "", `export BREAKWATER_IMAGES='${lock}'`].join("\n"),
  );
}
