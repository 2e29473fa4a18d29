import { type Correction, parseSettings, type Settings } from "@breakwater/runtime/settings";
import { getStack } from "@pulumi/pulumi/metadata.js";
import { allConfig } from "@pulumi/pulumi/runtime/config.js";

/** An environment as the stack deploys it. */
export interface Environment {
  /** Name of the stack. */
  readonly name: string;
  readonly settings: Settings;
  /** Mistakes of the source that were put right, for the reader of the plan. */
  readonly corrections: readonly Correction[];
  /** File that names the locally built images, where there is one. */
  readonly imageLock: string | undefined;
}

const PREFIX = "breakwater:";

/**
 * Reads `Pulumi.<stack>.yaml` as the engine hands it over: one config key for each section of the settings.
 * The only reader of Pulumi's configuration and of the program's environment variables.
 *
 * @throws ProblemError with every problem of the environment, at preview.
 */
export function readEnvironment(): Environment {
  const sections = Object.entries(allConfig())
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), parseValue(value)]);
  return {
    name: getStack(),
    ...parseSettings(Object.fromEntries(sections)),
    imageLock: process.env["BREAKWATER_IMAGES"],
  };
}

/** Structured values arrive as JSON text; anything else is a plain string and the schema says what is wrong with it. */
function parseValue(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
