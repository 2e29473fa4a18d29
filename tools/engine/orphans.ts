import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pulumiHome } from "./environment.ts";

/** Ends provider plugins that outlived the run that started them, which happens when a run is killed. */
export async function endOrphanedPlugins(): Promise<void> {
  const plugins = join(pulumiHome(), "plugins");
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const commandLine = await read(name, "cmdline");
    if (commandLine.startsWith(plugins) && !(await hasEngine(name))) end(Number(name));
  }
}

/** Whether the process that started it, or the one that it fell to, is an engine. */
async function hasEngine(pid: string): Promise<boolean> {
  const parent = /^PPid:\t(\d+)$/m.exec(await read(pid, "status"))?.[1];
  return parent !== undefined && (await read(parent, "comm")).startsWith("pulumi");
}

/** Empty for a process that has ended meanwhile. */
function read(pid: string, file: "cmdline" | "status" | "comm"): Promise<string> {
  return readFile(join("/proc", pid, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ESRCH") return "";
    throw error;
  });
}

function end(pid: number): void {
  try {
    process.kill(pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
