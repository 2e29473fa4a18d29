import { readFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";
import { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";

export function settingsCommand(): Command {
  const check = command("check", "Say everything that is wrong with settings files, and what would be corrected.")
    .argument("<files...>", "JSON or YAML; sections alone, merged, or a Pulumi.<environment>.yaml")
    .action(async (files: string[], options: CommonOptions) => {
      const { mergeSections, parseSections, readSettingsText } = await import("@breakwater/runtime/settings");
      const { correctionLine } = await import("../plan/render.ts");
      const contents = files.map((name) => readSettingsText(name, readText(name)));
      const { corrections } = parseSections(mergeSections(contents));
      printResult(options, { ok: true, corrections }, () =>
        [...corrections.map((correction) => `corrected ${correctionLine(correction)}`), "no problems"].join("\n"),
      );
    });
  return new Command("settings").description("Work with settings files.").addCommand(check).exitOverride();
}

function readText(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (cause) {
    return refuse(
      {
        code: "settings/unreadable",
        path: name,
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        expected: "a file that can be read",
        remedy: "correct the name",
      },
      { cause },
    );
  }
}
