import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir, projectRoot } from "../paths.ts";
import type { GoTool } from "./catalogue.ts";
import type { Toolchain } from "./toolchain.ts";

/** Folder with the pinned module of a tool, in this checkout. */
function moduleFolder(tool: GoTool): string {
  return join(projectRoot, "tools", "go", tool.module);
}

/** Same as the release builds of these projects: no paths of this machine, no debug tables. */
export function buildFlags(tool: GoTool): readonly string[] {
  return [
    "-trimpath",
    "-buildvcs=false",
    "-ldflags",
    ["-s -w", tool.ldflags].filter((part) => part !== undefined).join(" "),
    ...(tool.tags === undefined ? [] : [`-tags=${tool.tags.join(",")}`]),
  ];
}

/** Where the finished program lies: a folder named by everything that can change it. */
export async function binaryPath(tool: GoTool, goVersion: string): Promise<string> {
  const hash = createHash("sha256");
  const folder = moduleFolder(tool);
  for (const file of (await readdir(folder)).sort())
    hash.update(`${file}\0`).update(await readFile(join(folder, file)));
  hash.update(JSON.stringify([tool.package, buildFlags(tool), tool.static ?? false, goVersion, process.arch]));
  if (tool.prepare?.needed()) hash.update(tool.prepare.id);
  return join(cacheDir("bin", hash.digest("hex").slice(0, 16)), tool.name);
}

/** Builds one tool; `path` appears whole or not at all. */
export async function build(tool: GoTool, go: Toolchain, path: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await mkdir(cacheDir("build"), { recursive: true });
  const work = await mkdtemp(join(cacheDir("build"), `${tool.name}-`));
  try {
    const output = join(work, "output");
    const prepared = tool.prepare?.needed() ? await prepare(tool, go, join(work, "module")) : undefined;
    const flags = [...buildFlags(tool), ...(prepared?.flags ?? ["-mod=readonly"]), "-o", output, tool.package];
    const environment: Readonly<Record<string, string>> = tool.static ? { CGO_ENABLED: "0" } : {};
    await go.run(["build", ...flags], prepared?.folder ?? moduleFolder(tool), environment);
    await rename(output, path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function prepare(
  tool: GoTool,
  go: Toolchain,
  folder: string,
): Promise<{ readonly folder: string; readonly flags: readonly string[] }> {
  await cp(moduleFolder(tool), folder, { recursive: true });
  const flags = (await tool.prepare?.run(folder, go)) ?? [];
  return { folder, flags };
}

/** Removes what a killed build left; only while no other build runs. */
export async function sweep(): Promise<void> {
  await rm(cacheDir("build"), { recursive: true, force: true });
}
