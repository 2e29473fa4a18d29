import { type EnvironmentArgs, engineEnvironment, printEnvironment } from "../../tools/engine/index.ts";
import { imageLockFile } from "../../tools/images/index.ts";

/** Environment variables with which a `pulumi` typed by hand does the same as the commands here. */
export function engineVariables(args: EnvironmentArgs): Record<string, string> {
  return { ...engineEnvironment(args), BREAKWATER_IMAGES: imageLockFile() };
}

/** {@link engineVariables} as lines for a shell. */
export function engineExports(args: EnvironmentArgs): string {
  return `${printEnvironment(args)}export BREAKWATER_IMAGES='${imageLockFile()}'`;
}
