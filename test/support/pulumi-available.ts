import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDir } from "../../tools/paths.ts";

/** The `pulumi` that the engine tests use: one on PATH, else one that we built before; never built for a test. */
export const pulumi: { readonly path: string } | { readonly path?: never; readonly why: string } = find();

function find(): typeof pulumi {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""), ...built()];
  const path = folders.map((folder) => join(folder, "pulumi")).find(isExecutable);
  return path === undefined
    ? { why: "skipped: no pulumi on PATH and none built yet; `npm start` builds one" }
    : { path };
}

function built(): readonly string[] {
  try {
    return readdirSync(cacheDir("bin")).map((folder) => cacheDir("bin", folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
