import type { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";

export function imagesCommand(): Command {
  return command("images", "Build the runtime images whose inputs have changed.").action(
    async (options: CommonOptions) => {
      const { ensureImages } = await import("../../tools/images/index.ts");
      const { ensureCommands } = await import("../../tools/packages.ts");
      const progress = progressOf(options);
      await ensureCommands({ buildah: "buildah", mmdebstrap: "mmdebstrap" }, progress);
      const images = await ensureImages(progress);
      printResult(options, images, () => images.map(({ reference }) => reference).join("\n"));
    },
  );
}
