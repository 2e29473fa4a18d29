import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

/** SHA-256 of everything in a folder: paths, what may be executed, contents, targets of links; no times and no owners. */
export async function folderHash(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true });
  for (const path of entries.sort()) {
    const file = join(folder, path);
    const stats = await lstat(file);
    if (stats.isSymbolicLink()) {
      hash.update(`link ${path}\0${await readlink(file)}\0`);
    } else if (stats.isFile()) {
      hash.update(`${(stats.mode & 0o100) === 0 ? "file" : "program"} ${path}\0${stats.size}\0`);
      for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer);
    }
  }
  return hash.digest("hex");
}
