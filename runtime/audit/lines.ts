import type { FileHandle } from "node:fs/promises";

/** Reads as much as one sequential read of a disk gives well. */
const CHUNK_BYTES = 262_144;
const NEWLINE = 0x0a;
/** No record is as long: six times the largest body that a service takes, were it kept and all of it escaped. */
const LINE_MAX_BYTES = 268_435_456;

/** A file that is none of ours, or is damaged. */
export class LineTooLong extends Error {
  override readonly name = "LineTooLong";
}

/** One line of a file, without its newline. `bytes` is valid until the next line is asked for. */
export interface Line {
  readonly start: number;
  readonly bytes: Buffer;
}

/** The whole lines in one piece of a file, and what comes after the last of them. */
export interface LineBlock {
  readonly lines: readonly Line[];
  /** Where the bytes after the last newline begin. */
  readonly end: number;
}

/**
 * Reads the whole lines of a file from a byte offset on, in blocks, holding one chunk and one line.
 * Bytes after the last newline are left alone: a record still being written, or torn.
 * @param until where reading stops, whatever follows there
 * @throws LineTooLong
 */
export async function* lineBlocks(
  handle: FileHandle,
  offset: number,
  until: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<LineBlock, void, void> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let held = 0;
  let position = offset;
  while (true) {
    if (held >= LINE_MAX_BYTES) throw new LineTooLong(`a line of more than ${LINE_MAX_BYTES} bytes at ${position}`);
    if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    const room = Math.min(buffer.length - held, until - position - held);
    const { bytesRead } = room > 0 ? await handle.read(buffer, held, room, position + held) : { bytesRead: 0 };
    if (bytesRead === 0) return;
    held += bytesRead;
    const lines: Line[] = [];
    let start = 0;
    const filled = buffer.subarray(0, held);
    for (let end = filled.indexOf(NEWLINE); end >= 0; end = filled.indexOf(NEWLINE, start)) {
      lines.push({ start: position + start, bytes: filled.subarray(start, end) });
      start = end + 1;
    }
    if (lines.length > 0) yield { lines, end: position + start };
    buffer.copy(buffer, 0, start, held);
    held -= start;
    position += start;
  }
}

/** The same, line by line, as text. */
export async function* readLines(handle: FileHandle, offset: number): AsyncGenerator<string, void, void> {
  for await (const { lines } of lineBlocks(handle, offset)) {
    // As text at once: the block's bytes do not outlive it.
    for (const text of lines.map(({ bytes }) => bytes.toString("utf8"))) yield text;
  }
}

/** The first whole line that starts after `offset`, with its own offset; undefined when there is none. */
export async function lineAfter(
  handle: FileHandle,
  offset: number,
): Promise<{ readonly start: number; readonly text: string } | undefined> {
  let first = true;
  for await (const { lines } of lineBlocks(handle, offset)) {
    for (const { start, bytes } of lines) {
      if (!first) return { start, text: bytes.toString("utf8") };
      first = false;
    }
  }
  return undefined;
}

/** The last whole line that ends at or before `size`, read backwards: the cost does not grow with the file. */
export async function lastLine(handle: FileHandle, size: number): Promise<Line | undefined> {
  let start = size;
  let read = Buffer.alloc(0);
  while (start > 0) {
    const length = Math.min(CHUNK_BYTES, start);
    start -= length;
    const chunk = Buffer.alloc(length);
    const { bytesRead } = await handle.read(chunk, 0, length, start);
    read = Buffer.concat([chunk.subarray(0, bytesRead), read]);
    const end = read.lastIndexOf(NEWLINE);
    if (end < 0) continue;
    const before = end === 0 ? -1 : read.lastIndexOf(NEWLINE, end - 1);
    if (before >= 0 || start === 0) return { start: start + before + 1, bytes: read.subarray(before + 1, end) };
  }
  return undefined;
}
