import type { Random } from "./audit-power-cut.ts";

/** One edit of a file: what it is after it, and the number of the first line that differs, from 1. */
export interface Edit {
  readonly what: string;
  readonly bytes: Buffer;
  readonly line: number;
}

const NEWLINE = 0x0a;

/** Flips a bit, deletes, inserts, swaps or repeats something at random, or cuts the end. Always changes the bytes. */
export function randomEdit(bytes: Buffer, random: Random): Edit {
  while (true) {
    const { what, edited } = EDITS[Math.floor(random() * EDITS.length)]?.(bytes, random) ?? { what: "", edited: bytes };
    if (!edited.equals(bytes)) return { what, bytes: edited, line: firstDifference(bytes, edited) };
  }
}

type Editor = (bytes: Buffer, random: Random) => { readonly what: string; readonly edited: Buffer };

const EDITS: readonly Editor[] = [
  (bytes, random) => {
    const at = below(bytes.length, random);
    const edited = Buffer.from(bytes);
    edited[at] = (edited[at] ?? 0) ^ (1 << below(8, random));
    return { what: `a bit of byte ${at} flipped`, edited };
  },
  (bytes, random) => {
    const at = below(bytes.length, random);
    const count = 1 + below(20, random);
    return { what: `${count} bytes deleted at ${at}`, edited: spliced(bytes, at, count, Buffer.alloc(0)) };
  },
  (bytes, random) => {
    const at = below(bytes.length, random);
    const from = below(bytes.length, random);
    const more = bytes.subarray(from, from + 1 + below(40, random));
    return { what: `bytes of ${from} inserted at ${at}`, edited: spliced(bytes, at, 0, more) };
  },
  (bytes, random) => ({ what: "cut", edited: bytes.subarray(0, below(bytes.length, random)) }),
  (bytes, random) =>
    byLines(bytes, "a line deleted", (lines) => {
      lines.splice(below(lines.length, random), 1);
    }),
  (bytes, random) =>
    byLines(bytes, "a line repeated", (lines) => {
      lines.splice(below(lines.length + 1, random), 0, lines[below(lines.length, random)] ?? "");
    }),
  (bytes, random) =>
    byLines(bytes, "two lines swapped", (lines) => {
      const [one, two] = [below(lines.length, random), below(lines.length, random)];
      [lines[one], lines[two]] = [lines[two] ?? "", lines[one] ?? ""];
    }),
  (bytes, random) =>
    byLines(bytes, "the last lines deleted", (lines) => {
      lines.length = below(lines.length, random);
    }),
];

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

function spliced(bytes: Buffer, at: number, remove: number, insert: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
}

function byLines(bytes: Buffer, what: string, edit: (lines: string[]) => void): ReturnType<Editor> {
  const lines = bytes.toString("latin1").split("\n").slice(0, -1);
  edit(lines);
  return { what, edited: Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1") };
}

function firstDifference(before: Buffer, after: Buffer): number {
  let line = 1;
  for (let at = 0; at < before.length && before[at] === after[at]; at += 1) if (before[at] === NEWLINE) line += 1;
  return line;
}
