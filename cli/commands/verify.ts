import { refuse } from "@breakwater/runtime/problems";
import { type Command, Option } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";
import { EXIT } from "../exit.ts";
import type { Outcome } from "../verify/check.ts";

export function verifyCommand(): Command {
  return command("verify", "Attack a running environment, and say which walls held.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .addOption(new Option("--only <id...>", "run these checks only"))
    .option("--list", "name the checks without running them")
    .action(async (name: string, options: CommonOptions & { only?: string[]; list?: boolean }) => {
      const { CHECKS } = await import("../verify/checks/index.ts");
      const checks = select(CHECKS, options.only);
      if (options.list) {
        const list = checks.map(({ id, claim, control }) => ({ id, claim, control }));
        printResult(options, list, () => list.map(({ id, claim }) => `${id}\n    ${claim}`).join("\n"));
        return;
      }
      const { verify } = await import("../verify/verify.ts");
      const { readEnvironmentFile } = await import("../environment.ts");
      const outcomes = await verify(readEnvironmentFile(name), checks, progressOf(options));
      printResult(options, { passed: outcomes.every(({ passed }) => passed), checks: outcomes }, () =>
        report(outcomes),
      );
      if (outcomes.some(({ passed }) => !passed)) process.exitCode = EXIT.failed;
    });
}

function select<T extends { readonly id: string }>(
  checks: readonly T[],
  only: readonly string[] | undefined,
): readonly T[] {
  const unknown = (only ?? []).filter((id) => checks.every((check) => check.id !== id));
  if (unknown.length > 0) {
    refuse({
      code: "verify/unknown-check",
      path: "--only",
      got: unknown.join(", "),
      expected: checks.map(({ id }) => id).join(", "),
      remedy: "name one of these",
    });
  }
  return only === undefined ? checks : checks.filter(({ id }) => only.includes(id));
}

function report(outcomes: readonly Outcome[]): string {
  const lines = outcomes.flatMap(({ passed, id, claim, control, seen, seconds }) => [
    `${passed ? "PASS" : "FAIL"}  ${id}  ${claim}  (${seconds} s)`,
    ...seen.map((line) => `        ${line}`),
    ...(passed ? [] : [`        control: ${control}`]),
  ]);
  const failed = outcomes.filter(({ passed }) => !passed).length;
  return [...lines, "", `${outcomes.length - failed} held, ${failed} failed`].join("\n");
}
