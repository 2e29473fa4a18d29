import { writeFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";

/**
 * Writes a white paper; it follows from the plan, so that an older one is replaced.
 *
 * @throws ProblemError `whitepaper/unwritable`
 */
export function writePaper(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    refuse(
      {
        code: "whitepaper/unwritable",
        path: file,
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        expected: "a file that can be written",
        remedy: "name a file in a folder that is there",
      },
      { cause },
    );
  }
}
