import { readFile, rm, writeFile } from "node:fs/promises";

/**
 * Runs `work` and takes back the one line that Pulumi adds to a stack's committed file: `encryptionsalt`, which belongs
 * to this machine's passphrase and would lock everybody else out. The state keeps its own copy. Other edits stay.
 */
export async function keepingStackConfig<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = await readOptional(file);
  try {
    return await work();
  } finally {
    const after = await readOptional(file);
    if (after !== undefined && after !== before && !(before ?? "").includes("encryptionsalt:")) {
      const kept = after.replace(/^encryptionsalt:.*\n?/m, "");
      if (before === undefined && kept.trim() === "") await rm(file);
      else await writeFile(file, before !== undefined && sameSettings(before, kept) ? before : kept);
    }
  }
}

/** Pulumi rewrites the file without regard for layout: blank lines and trailing spaces do not count. */
function sameSettings(a: string, b: string): boolean {
  const squeeze = (text: string): string => text.replace(/\s+/g, "");
  return squeeze(a) === squeeze(b) || squeeze(a.replace(/#.*$/gm, "")) === squeeze(b.replace(/#.*$/gm, ""));
}

function readOptional(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
