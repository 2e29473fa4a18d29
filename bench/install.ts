import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../tools/paths.ts";
import { timed } from "./sample.ts";
import { type Figure, within } from "./table.ts";

/** What npm reads of a checkout: the lockfile and every workspace's manifest. */
const MANIFESTS = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "cli/package.json",
  "runtime/package.json",
  "policies/package.json",
] as const;

const TARGET_SECONDS = 60;

/** `npm ci` in a copy of the manifests, with npm's cache as it is. */
export async function benchInstall(): Promise<readonly Figure[]> {
  const copy = mkdtempSync(join(tmpdir(), "breakwater-bench-"));
  try {
    for (const file of MANIFESTS) cpSync(join(projectRoot, file), join(copy, file), { recursive: true });
    const { seconds } = await timed(["npm", "ci", "--no-audit", "--no-fund"], { cwd: copy });
    return [within("npm ci, npm's cache as it is", seconds, TARGET_SECONDS, "unpacking @pulumi/kubernetes")];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
