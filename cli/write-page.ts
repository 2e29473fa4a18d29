import { writeFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";

/**
 * Writes what a command made out of a plan; it can be made again, so that an older one is replaced.
 *
 * @throws ProblemError `page/unwritable`
 */
export function writePage(file: string, text: string): void {
  try {
    writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`);
  } catch (cause) {
    refuse(
      {
        code: "page/unwritable",
        path: file,
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        expected: "a file that can be written",
        remedy: "name a file in a folder that is there",
      },
      { cause },
    );
  }
}
