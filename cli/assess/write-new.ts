import { writeFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";
import { assessProblem } from "./codes.ts";

/**
 * Writes a file that is not there yet: an environment that somebody has edited is never replaced.
 *
 * @throws ProblemError `assess/unwritable`
 */
export function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    refuse(
      assessProblem("assess/unwritable", file, {
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        expected: "a file that is not there yet, in a folder that is",
        remedy: "choose another name, or move the file away first",
      }),
      { cause },
    );
  }
}
