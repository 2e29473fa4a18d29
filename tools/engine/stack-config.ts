import { readFile, rm, writeFile } from "node:fs/promises";

const SALT = /^encryptionsalt:.*\n?/m;
const ENCRYPTED = /^\s+secure:/m;

/**
 * Runs `work` without the one line that Pulumi adds to a stack's committed file: `encryptionsalt`, which belongs to one
 * machine's passphrase and locks everybody else out. The state keeps its own copy. A line that a killed run, or a
 * `pulumi` typed by hand, has left is taken out first. Other edits stay, and so does a salt that encrypted values of the
 * file need.
 */
export async function keepingStackConfig<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = (await withoutSalt(file))?.text;
  try {
    return await work();
  } finally {
    const after = await withoutSalt(file);
    if (after !== undefined && before === undefined && after.text.trim() === "") await rm(file);
    else if (after !== undefined && before !== undefined && after.text !== before && sameSettings(before, after.text)) {
      await writeFile(file, before);
    }
  }
}

/** Takes the line out of the file. @returns what is left; undefined where there is no file. */
async function withoutSalt(file: string): Promise<{ readonly text: string } | undefined> {
  const found = await readOptional(file);
  if (found === undefined) return undefined;
  const text = ENCRYPTED.test(found) ? found : found.replace(SALT, "");
  if (text !== found) await writeFile(file, text);
  return { text };
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
