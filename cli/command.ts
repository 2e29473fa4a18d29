import { Command } from "commander";
import { type Progress, silent } from "../tools/progress.ts";
import { terminalProgress } from "./terminal.ts";

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A command with the options that all of them share, so that they look and behave alike. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--json", "print the result as JSON on standard output")
    .option("-q, --quiet", "no progress on standard error")
    .showHelpAfterError(`(breakwater ${name} --help shows how it is used)`)
    .exitOverride();
}

/** Progress as the options ask for it; always on standard error, so that `--json` stays parseable. */
export function progressOf({ quiet }: CommonOptions): Progress {
  return quiet ? silent : terminalProgress();
}

/** Prints a command's result: JSON for programs, text for people. */
export function printResult(options: CommonOptions, result: unknown, text: () => string): void {
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : `${text()}\n`);
}
