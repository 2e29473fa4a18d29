import { formatProblem } from "@breakwater/runtime/problems";
import { type Command, InvalidArgumentError, Option } from "commander";
import { LEVELS, type Level } from "../../policies/pod-security/control.ts";
import { minorOf, NEWEST_MINOR } from "../../policies/pod-security/versions.ts";
import { type CommonOptions, command, printResult } from "../command.ts";
import { EXIT } from "../exit.ts";

interface CheckOptions extends CommonOptions {
  readonly level: Level;
  /** N of v1.N. */
  readonly version: number;
}

export function checkCommand(): Command {
  return command("check", "Hold Kubernetes manifests to the Pod Security Standards, as the API server would.")
    .argument("<files...>", "manifests, folders of them (*.yaml, *.yml, *.json), or - for standard input")
    .addOption(new Option("--level <level>", "what pods are held to").choices(LEVELS).makeOptionMandatory())
    .addOption(
      new Option("--version <version>", "of Kubernetes, whose standards they are")
        .default(NEWEST_MINOR, `v1.${NEWEST_MINOR}`)
        .argParser(minor),
    )
    .action(async (files: string[], options: CheckOptions) => {
      const { check } = await import("../check/check.ts");
      const { readSources } = await import("../check/files.ts");
      const { renderReport } = await import("../check/render.ts");
      const report = check(readSources(files), { level: options.level, minor: options.version });
      printResult(options, report, () => renderReport(report));
      if (!options.json) for (const problem of report.problems) process.stderr.write(`${formatProblem(problem)}\n`);
      if (!report.ok) process.exitCode = EXIT.failed;
    });
}

/** @throws InvalidArgumentError, which is a wrong command line. */
function minor(text: string): number {
  const known = minorOf(text);
  if (known === undefined) throw new InvalidArgumentError(`It must be one of v1.0 to v1.${NEWEST_MINOR}.`);
  return known;
}
