import { type Command, Option } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";

interface PaperOptions extends CommonOptions {
  readonly lang: "en" | "zh" | "ko";
  readonly format: "md" | "html";
  readonly out?: string;
}

export function whitepaperCommand(): Command {
  return command("whitepaper", "Write the security white paper of an environment, each statement with what carries it.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .addOption(new Option("--lang <language>", "language").choices(["en", "zh", "ko"]).default("en"))
    .addOption(new Option("--format <format>", "Markdown, or one page of HTML").choices(["md", "html"]).default("md"))
    .option("--out <file>", "where it goes; replaces what is there; without it standard output")
    .action(async (name: string, options: PaperOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { planOf } = await import("../plan/plan.ts");
      const { paperOf } = await import("../whitepaper/paper.ts");
      const paper = paperOf(await planOf(readEnvironmentFile(name)));
      const text = await rendered(paper, options);
      if (options.out !== undefined) {
        const { writePage } = await import("../write-page.ts");
        writePage(options.out, text);
      }
      printResult(options, paper, () => (options.out === undefined ? text.trimEnd() : `wrote ${options.out}`));
    });
}

async function rendered(
  paper: import("../whitepaper/paper.ts").Paper,
  { format, lang }: PaperOptions,
): Promise<string> {
  if (format === "md") return (await import("../whitepaper/markdown.ts")).markdownPaper(paper, lang);
  return (await import("../whitepaper/html.ts")).htmlPaper(paper, lang);
}
