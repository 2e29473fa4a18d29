import { type EnvironmentArgs, engineEnvironment, printEnvironment } from "../../tools/engine/index.ts";
import { contextLockFile, imageLockFile } from "../../tools/images/index.ts";
import { imagesBuiltHere } from "./image-source.ts";

/** What decides the variables of an environment. */
export interface EngineVariablesArgs extends EnvironmentArgs {
  /** Where the environment runs: clouds build images from contexts, the others take those that were built here. */
  readonly topology: string;
}

function imagesFile({ topology }: EngineVariablesArgs): string {
  return imagesBuiltHere(topology) === undefined ? contextLockFile() : imageLockFile();
}

/** Environment variables with which a `pulumi` typed by hand does the same as the commands here. */
export function engineVariables(args: EngineVariablesArgs): Record<string, string> {
  return { ...engineEnvironment(args), BREAKWATER_IMAGES: imagesFile(args) };
}

/** {@link engineVariables} as lines for a shell. */
export function engineExports(args: EngineVariablesArgs): string {
  return `${printEnvironment(args)}export BREAKWATER_IMAGES='${imagesFile(args)}'`;
}
