import { constants, fstatSync, write } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** A file that is only ever added to. */
export interface AppendFile {
  /** Adds bytes; `done` is called when they are durable, or with why they may not be. One at a time. */
  append(bytes: Buffer, done: (error: Error | undefined) => void): void;
  /** What the file system says of the open file now. */
  look(): { readonly size: number; readonly links: number };
  /** Cuts the file, durably. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** What the log needs of a file system to write; tests put one with faults in its place. */
export interface AuditDisk {
  /** Opens a file for adding, creates it when it is missing, and makes its directory entry durable. */
  open(path: string): Promise<AppendFile>;
  /** Removes a file, durably; nothing happens when there is none. */
  remove(path: string): Promise<void>;
}

/** `O_DSYNC`: each write is on the disk when it returns, as write and fdatasync would have it, in one call instead of two. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_DSYNC;

/** The file system of this machine. */
export const localDisk: AuditDisk = {
  open: async (path) => {
    const handle = await open(path, FLAGS, 0o640);
    try {
      await syncDirectory(path);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new LocalFile(handle);
  },
  remove: async (path) => {
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await syncDirectory(path);
  },
};

class LocalFile implements AppendFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  append(bytes: Buffer, done: (error: Error | undefined) => void): void {
    this.#writeFrom(bytes, 0, done);
  }

  look(): { readonly size: number; readonly links: number } {
    const { size, nlink } = fstatSync(this.#handle.fd);
    return { size, links: nlink };
  }

  async truncate(size: number): Promise<void> {
    await this.#handle.truncate(size);
    await this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** `write` may take only a part, on a disk that is nearly full for example. */
  #writeFrom(bytes: Buffer, from: number, done: (error: Error | undefined) => void): void {
    write(this.#handle.fd, bytes, from, bytes.length - from, null, (error, written) => {
      if (error) done(error);
      else if (from + written < bytes.length) this.#writeFrom(bytes, from + written, done);
      else done(undefined);
    });
  }
}

/** A name in a directory is durable only when the directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
