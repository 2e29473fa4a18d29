import type { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";

export function imagesCommand(): Command {
  return command("images", "Build the runtime images whose inputs have changed.").action(
    async (options: CommonOptions) => {
      const { ensureImages } = await import("../../tools/images/index.ts");
      const images = await ensureImages(progressOf(options));
      printResult(options, images, () => images.map(({ reference }) => reference).join("\n"));
    },
  );
}
