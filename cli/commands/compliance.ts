import { type Command, Option } from "commander";
import { type CommonOptions, command } from "../command.ts";
import type { ComplianceReport } from "../compliance/report.ts";
import { LANGUAGES, type Language } from "../compliance/words/words.ts";
import { EXIT } from "../exit.ts";

const FORMATS = ["md", "html", "json"] as const;
type Format = (typeof FORMATS)[number];

interface ComplianceOptions extends CommonOptions {
  readonly framework: string;
  readonly lang: Language;
  readonly format: Format;
  readonly strict?: boolean;
}

export function complianceCommand(): Command {
  return command(
    "compliance",
    "Show control by control what the plan of an environment meets, and what it cannot tell.",
  )
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .requiredOption("--framework <id>", "iso27001, soc2, gdpr, pipa, mlps3, ...")
    .addOption(new Option("--lang <language>", "language of the report").choices([...LANGUAGES]).default("en"))
    .addOption(new Option("--format <format>", "md, html (one page), json").choices([...FORMATS]).default("md"))
    .option("--strict", "exit status 1 when a rule of the framework is violated")
    .action(async (name: string, options: ComplianceOptions) => {
      const { frameworkOf, judgePlan } = await import("../compliance/evaluate-plan.ts");
      const framework = frameworkOf(options.framework);
      const { readEnvironmentFile } = await import("../environment.ts");
      const { planOf } = await import("../plan/plan.ts");
      const { reportOf } = await import("../compliance/report.ts");
      const environment = readEnvironmentFile(name);
      const { resources } = await planOf(environment);
      const day = new Date().toISOString().slice(0, 10);
      const judged = await judgePlan(environment, resources, day);
      const { settings } = environment;
      const report = reportOf({ ...judged, settings, resources: resources.length, framework, day });
      process.stdout.write(`${await shown(report, options)}\n`);
      if (options.strict && report.rules.some(({ standing }) => standing === "violated")) {
        process.exitCode = EXIT.failed;
      }
    });
}

async function shown(report: ComplianceReport, { json, format, lang }: ComplianceOptions): Promise<string> {
  if (json || format === "json") return JSON.stringify(report, null, 2);
  const { documentOf } = await import("../compliance/document.ts");
  const document = documentOf(report, lang);
  if (format === "md") return (await import("../compliance/render-markdown.ts")).renderMarkdown(document);
  return (await import("../compliance/render-html.ts")).renderHtml(document);
}
