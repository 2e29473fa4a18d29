import { open } from "node:fs/promises";
import { type AuditDisk, localDisk } from "../disk.ts";
import { ACCEPTED, type Delivery, type ExportTarget, type ShippedRecord } from "./target.ts";

const NEWLINE = 0x0a;

/** Adds lines to a file, durably. A line that a crash cut short is ended first, so that no good line is joined to it. */
export async function addLines(path: string, lines: readonly string[], disk: AuditDisk = localDisk): Promise<void> {
  const file = await disk.open(path);
  try {
    const { size } = file.look();
    const begin = size > 0 && !(await endsInNewline(path, size)) ? "\n" : "";
    await new Promise<void>((resolve, reject) => {
      const bytes = Buffer.from(begin + lines.map((line) => `${line}\n`).join(""));
      file.append(bytes, (error) => (error === undefined ? resolve() : reject(error)));
    });
  } finally {
    await file.close();
  }
}

/** A file that another program reads, and rotates if it likes: it is opened anew for each batch. */
export class FileTarget implements ExportTarget {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async send(batch: readonly ShippedRecord[]): Promise<Delivery> {
    await addLines(
      this.#path,
      batch.map(({ text }) => text),
    );
    return ACCEPTED;
  }

  async close(): Promise<void> {}
}

async function endsInNewline(path: string, size: number): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, size - 1);
    return last[0] === NEWLINE;
  } finally {
    await handle.close();
  }
}
