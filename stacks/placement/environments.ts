import { readdirSync } from "node:fs";
import { join } from "node:path";

const FILE_NAME = /^Pulumi\.(.+)\.yaml$/;

/** Names of the environments that this checkout has a file for. */
export function environmentsBeside(): readonly string[] {
  return readdirSync(join(import.meta.dirname, ".."))
    .flatMap((file) => FILE_NAME.exec(file)?.[1] ?? [])
    .sort();
}
