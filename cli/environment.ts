import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { type Correction, parseSettings, readSettingsText, type Settings } from "@breakwater/runtime/settings";
import { projectRoot } from "../tools/paths.ts";

/** An environment file, read and checked. */
export interface EnvironmentFile {
  readonly name: string;
  readonly file: string;
  /** The sections as written, for the engine's configuration. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
  readonly corrections: readonly Correction[];
}

const FILE_NAME = /^Pulumi\.([A-Za-z0-9_-]+)\.yaml$/;

/** Environments that this checkout has a file for. */
export function environmentNames(): readonly string[] {
  return readdirSync(join(projectRoot, "stacks"))
    .flatMap((file) => FILE_NAME.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * Reads `stacks/Pulumi.<name>.yaml`.
 *
 * @throws ProblemError `environment/unknown`, or every problem of the file.
 */
export function readEnvironmentFile(name: string): EnvironmentFile {
  const file = join("stacks", `Pulumi.${name}.yaml`);
  const path = join(projectRoot, file);
  if (!/^[A-Za-z0-9_-]+$/.test(name) || !existsSync(path)) {
    refuse({
      code: "environment/unknown",
      path: "environment",
      got: JSON.stringify(name),
      expected: environmentNames().join(", "),
      remedy: "name one of these, or write stacks/Pulumi.<name>.yaml",
    });
  }
  return environmentOf(name, file, readFileSync(path, "utf8"));
}

/**
 * An environment from the text of its file.
 *
 * @throws ProblemError with every problem of the text.
 */
export function environmentOf(name: string, file: string, text: string): EnvironmentFile {
  const { content } = readSettingsText(file, text);
  return { name, file, sections: content as Readonly<Record<string, unknown>>, ...parseSettings(content) };
}
