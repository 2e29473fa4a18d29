import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "@breakwater/runtime/problems";
import { fault } from "./codes.ts";

/** The name by which standard input is asked for. */
export const STANDARD_INPUT = "-";

const MANIFEST = /\.(ya?ml|json)$/i;

/** A manifest's text, or why there is none. */
export type Source = { readonly name: string; readonly text: string } | { readonly fault: Problem };

/**
 * Reads files as they are named, folders with all that is below them and looks like a manifest, and standard input; each
 * file once, those of a folder in the order of their names.
 */
export function readSources(names: readonly string[]): readonly Source[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    if (name === STANDARD_INPUT) return [read(name)];
    return filesOf(name).flatMap((file) => {
      if (typeof file !== "string") return [{ fault: file }];
      const real = realNameOf(file);
      if (seen.has(real)) return [];
      seen.add(real);
      return [read(file)];
    });
  });
}

function filesOf(name: string): readonly (string | Problem)[] {
  try {
    if (!statSync(name).isDirectory()) return [name];
    const files = manifestsBelow(name);
    if (files.length > 0) return files;
    return [
      fault("check/empty", name, {
        got: "a folder without manifests",
        expected: "files that end in .yaml, .yml or .json",
        remedy: "correct the name",
      }),
    ];
  } catch (cause) {
    return [unreadable(name, cause)];
  }
}

/** Links to folders are not followed: they may lead back. */
function manifestsBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return manifestsBelow(path);
      if (!MANIFEST.test(entry.name)) return [];
      const linksToFolder = entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
      return linksToFolder ? [] : [path];
    });
}

function read(name: string): Source {
  try {
    return { name, text: readFileSync(name === STANDARD_INPUT ? 0 : name, "utf8") };
  } catch (cause) {
    return { fault: unreadable(name, cause) };
  }
}

/** What cannot be resolved cannot be read either, and says so when it is. */
function realNameOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function unreadable(name: string, cause: unknown): Problem {
  return fault("check/unreadable", name, {
    got: (cause as NodeJS.ErrnoException).code ?? String(cause),
    expected: "a file or folder that can be read",
    remedy: "correct the name or the rights",
  });
}
