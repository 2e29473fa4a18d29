import type { Command } from "commander";
import type { ImageName } from "../../tools/images/index.ts";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";

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
      const { imagesBuiltHere } = await import("../deploy/image-source.ts");
      const names = imagesBuiltHere(topology);
      await (names === undefined ? prepareContexts(options) : buildImages(names, options));
    });
}

async function buildImages(names: readonly ImageName[], options: CommonOptions): Promise<void> {
  const { ensureImages } = await import("../../tools/images/index.ts");
  const { ensureCommands } = await import("../../tools/packages.ts");
  const progress = progressOf(options);
  await ensureCommands({ buildah: "buildah", mmdebstrap: "mmdebstrap" }, progress);
  const images = await ensureImages(progress, names);
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
