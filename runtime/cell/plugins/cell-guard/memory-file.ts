import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** Largest fact, in bytes of UTF-8. Longer texts are documents, not facts. */
export const MAX_FACT_BYTES = 4096;
/** Largest file of one day, in bytes: what one runaway conversation can write. */
export const MAX_DAY_BYTES = 262_144;
/** Largest memory folder, in bytes: about a year of normal use; the cell's volume holds much more. */
export const MAX_MEMORY_BYTES = 16_777_216;

/** Why a fact was not written; the text goes to the model, so it says what to do instead. */
export class FactRefused extends Error {
  override readonly name = "FactRefused";
}

/** The one line that a fact becomes. Line breaks and control characters are folded, so a fact cannot forge another. */
export function factLine(text: unknown): string {
  if (typeof text !== "string") throw new FactRefused("text must be a string");
  const folded = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  if (folded === "") throw new FactRefused("text is empty");
  if (Buffer.byteLength(folded) > MAX_FACT_BYTES) {
    throw new FactRefused(`text is longer than ${MAX_FACT_BYTES} bytes; write a shorter fact`);
  }
  return `- ${folded}\n`;
}

/**
 * Appends a fact to `memory/<UTC date>.md` of the workspace, where OpenClaw's memory_search finds it, and returns
 * that relative path. Follows no symbolic link and keeps within the limits above.
 */
export function appendFact(workspace: string, text: unknown, now: Date): string {
  const line = factLine(text);
  const folder = join(workspace, "memory");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!lstatSync(folder).isDirectory()) throw new FactRefused("memory is not a folder of the workspace");
  const name = `${now.toISOString().slice(0, 10)}.md`;
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const file = openSync(join(folder, name), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    const bytes = Buffer.from(line);
    if (fstatSync(file).size + bytes.length > MAX_DAY_BYTES) throw new FactRefused("the memory of this day is full");
    if (folderBytes(folder) + bytes.length > MAX_MEMORY_BYTES) throw new FactRefused("the memory is full");
    writeSync(file, bytes);
  } finally {
    closeSync(file);
  }
  return `memory/${name}`;
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, entry) => total + statSync(join(folder, entry.name)).size, 0);
}
