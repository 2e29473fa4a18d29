import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { jsonOrUndefined } from "../../json/index.ts";

/** Up to where a writer's records were delivered to one export. */
const Cursor = z.strictObject({
  v: z.literal(1),
  segment: z.number().int().nonnegative(),
  /** Where in that segment the next record begins. */
  offset: z.number().int().nonnegative(),
  /** The last delivered record. */
  seq: z.number().int().nonnegative(),
});
export type Cursor = z.output<typeof Cursor>;

export const AT_START: Cursor = { v: 1, segment: 0, offset: 0, seq: 0 };

/** `cursor-<export>-<writer>.json`, beside the log. */
export function cursorPath(directory: string, exportName: string, writer: string): string {
  return join(directory, `cursor-${exportName}-${writer}.json`);
}

/** @returns undefined when there is none yet, "damaged" when it cannot be read. */
export async function readCursor(path: string): Promise<Cursor | undefined | "damaged"> {
  try {
    return Cursor.safeParse(jsonOrUndefined(await readFile(path, "utf8"))).data ?? "damaged";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Replaces the cursor, durably: after a power cut there is the old one or the new one. */
export async function writeCursor(path: string, cursor: Cursor): Promise<void> {
  const next = `${path}.next`;
  const handle = await open(next, "w", 0o640);
  try {
    await handle.writeFile(JSON.stringify(cursor));
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(next, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
