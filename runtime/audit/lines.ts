import type { FileHandle } from "node:fs/promises";

const CHUNK_BYTES = 16_384;
const NEWLINE = 0x0a;

/**
 * Reads the whole lines of a file from a byte offset on, holding one chunk and one line.
 * Bytes after the last newline are a record still being written, and are left alone.
 */
export async function* readLines(handle: FileHandle, offset: number): AsyncGenerator<string, void, void> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let position = offset;
  while (true) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield bytes.toString("utf8", start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}

/** The first whole line that starts after `offset`, with its own offset; undefined when there is none. */
export async function lineAfter(
  handle: FileHandle,
  offset: number,
): Promise<{ readonly start: number; readonly text: string } | undefined> {
  let start = -1;
  for await (const text of readLines(handle, offset)) {
    if (start >= 0) return { start, text };
    start = offset + Buffer.byteLength(text) + 1;
  }
  return undefined;
}
