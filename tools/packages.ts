import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Problem, ProblemError } from "@breakwater/runtime/problems";
import { type Progress, tracked } from "./progress.ts";

const run = promisify(execFile);

/** Folders with system programs that an ordinary PATH may lack. */
export const SYSTEM_FOLDERS: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

/** Whether a program can be started by its name. */
export function hasCommand(name: string): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter).filter((part) => part !== ""), ...SYSTEM_FOLDERS];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs Debian packages; needs root. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, maxBuffer: 64 * 1024 * 1024 };
  await run("apt-get", ["update", "-qq"], options);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], options);
}

/**
 * Sees that programs are there, and installs the packages that bring them where that is possible.
 *
 * @param wanted program -> Debian package.
 * @throws ProblemError `packages/missing-program`, one problem a program, where nothing can be installed.
 */
export async function ensureCommands(wanted: Readonly<Record<string, string>>, progress: Progress): Promise<void> {
  const missing = Object.entries(wanted).filter(([name]) => !hasCommand(name));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].sort();
  if (process.getuid?.() === 0 && hasCommand("apt-get")) {
    await tracked(progress, `Installing ${packages.join(" ")}`, () => installPackages(packages));
    return;
  }
  const problems = missing.map(
    ([program, name]): Problem => ({
      code: "packages/missing-program",
      path: program,
      got: "no such program on PATH",
      expected: `${program}, of Debian's package ${name}`,
      remedy: `as root: apt-get install -y --no-install-recommends ${packages.join(" ")}`,
    }),
  );
  throw new ProblemError(problems as [Problem, ...Problem[]]);
}
