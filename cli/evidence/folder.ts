import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { z } from "zod";
import type { BundleFiles } from "./bundle.ts";
import { MANIFEST_FILE } from "./manifest.ts";

/** Refuses a folder that is in use, before any work is done. @throws ProblemError `evidence/folder-in-use` */
export function requireFreeFolder(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined || (there.isDirectory() && readdirSync(folder).length === 0)) return;
  refuse({
    code: "evidence/folder-in-use",
    path: "--out",
    got: folder,
    expected: "a folder that does not exist yet, or an empty one",
    remedy: "name another",
  });
}

/** Writes a bundle; the folder appears whole or not at all. @throws ProblemError `evidence/folder-in-use` */
export function writeBundle(folder: string, files: BundleFiles): void {
  requireFreeFolder(folder);
  const draft = `${folder}.${process.pid}.draft`;
  mkdirSync(draft, { recursive: true });
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(`${draft}/${name}`, content);
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The folder of a bundle, given it or its manifest. @throws ProblemError `evidence/no-bundle` */
export function bundleFolder(place: string): string {
  const there = statSync(place, { throwIfNoEntry: false });
  if (there?.isDirectory()) return place;
  if (there?.isFile() && basename(place) === MANIFEST_FILE) return dirname(place);
  return refuse({
    code: "evidence/no-bundle",
    path: "bundle",
    got: there === undefined ? `${place}, which does not exist` : place,
    expected: `the folder of a bundle, or the ${MANIFEST_FILE} in it`,
    remedy: "make one: breakwater evidence make ENVIRONMENT",
  });
}

/** What `breakwater verify --json` prints, as far as it is looked at. */
const verifyReport = z.object({
  passed: z.boolean(),
  checks: z.array(z.object({ id: z.string(), passed: z.boolean() })).min(1),
});

/** The text of a verify report. @throws ProblemError `evidence/bad-verify-report` */
export function readVerifyReport(file: string): string {
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (text !== undefined && isVerifyReport(text)) return text;
  return refuse({
    code: "evidence/bad-verify-report",
    path: "--verify-report",
    got: text === undefined ? `${file}, which does not exist` : `${file}, which is something else`,
    expected: "what `breakwater verify ENVIRONMENT --json` prints",
    remedy: "write it first: breakwater verify ENVIRONMENT --json > FILE",
  });
}

function isVerifyReport(text: string): boolean {
  try {
    return verifyReport.safeParse(JSON.parse(text)).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
