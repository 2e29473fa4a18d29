import { existsSync, readFileSync } from "node:fs";
import { type Problem, refuse } from "@breakwater/runtime/problems";
import { type Input, output, unknown } from "@pulumi/pulumi/output.js";
import { isDryRun } from "@pulumi/pulumi/runtime/settings.js";

/**
 * Something that a plan can do without and a deployment cannot. A preview shows what is not there yet as unknown; an
 * update refuses.
 *
 * @throws ProblemError `missing` at up.
 */
export function knownOrRefused<T>(value: T | undefined, missing: Problem): Input<T> {
  if (value !== undefined) return value as Input<T>;
  if (isDryRun()) return output(unknown as unknown as T) as Input<T>;
  return refuse(missing);
}

/** The text of a file; undefined where there is none. */
export function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
