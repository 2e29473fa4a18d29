import { Breach } from "./check.ts";
import type { Executed } from "./world.ts";

/** An attack that must have been refused, and for this reason. @throws Breach with `breach` when it went through, Error when it failed otherwise. */
export function refused(answer: Executed, breach: string, expected: RegExp): void {
  if (answer.exitCode === 0) throw new Breach(breach);
  if (!expected.test(answer.stderr)) throw new Error(`refused for another reason: ${lastWords(answer)}`);
}

/** The last line that a command complained with. */
export function lastWords({ stderr }: Executed): string {
  return stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
}
