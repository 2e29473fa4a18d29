import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { jsonOrUndefined } from "../json/index.ts";
import type { AppendFile, AuditDisk } from "./disk.ts";
import { checkpointsName } from "./files.ts";
import { lastLine, readLines } from "./lines.ts";

/**
 * A signed statement of how far a writer's chain had come: who can write to the directory but has not the key cannot
 * change what lies before it.
 */
const Checkpoint = z.strictObject({
  v: z.literal(1),
  writer: z.string(),
  /** Name of the segment. */
  file: z.string(),
  /** The last durable record. */
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where that record's line ends in the file. */
  bytes: z.number().int().positive(),
  /** When it was signed. */
  time: z.iso.datetime({ precision: 3 }),
  /** First 16 hex digits of the SHA-256 of the public key (SPKI, DER). */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  /** Ed25519 over {@link DOMAIN} and the line's bytes up to and without `,"signature":`; base64. */
  signature: z.string(),
});
export type Checkpoint = z.output<typeof Checkpoint>;

/** Keeps a signature from being one of anything else that the same key signs. */
const DOMAIN = "breakwater audit checkpoint v1\n";
const SIGNATURE_MARK = ',"signature":';

/** Names a public key in a checkpoint. */
export function keyId(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex").slice(0, 16);
}

/** One line of a file of checkpoints. */
export function checkpointText(facts: Omit<Checkpoint, "v" | "key" | "signature">, privateKey: KeyObject): string {
  const { writer, file, seq, hash, bytes, time } = facts;
  const key = keyId(createPublicKey(privateKey));
  const text = JSON.stringify({ v: 1, writer, file, seq, hash, bytes, time, key }).slice(0, -1);
  const signature = sign(null, Buffer.from(DOMAIN + text), privateKey).toString("base64");
  return `${text}${SIGNATURE_MARK}"${signature}"}`;
}

/** One line as a checkpoint; undefined when it is none. Does not check the signature. */
export function parseCheckpoint(line: string): Checkpoint | undefined {
  return Checkpoint.safeParse(jsonOrUndefined(line)).data;
}

/** Whether a line was signed by the owner of this key. */
export function isSigned(line: string, publicKey: KeyObject): boolean {
  const mark = line.lastIndexOf(SIGNATURE_MARK);
  const signature = parseCheckpoint(line)?.signature;
  if (mark < 0 || signature === undefined) return false;
  // The text is compared as it must have been written: two texts of one signature would be one too many.
  if (line.slice(mark) !== `${SIGNATURE_MARK}"${signature}"}`) return false;
  const bytes = Buffer.from(signature, "base64");
  if (bytes.toString("base64") !== signature) return false;
  return verify(null, Buffer.from(DOMAIN + line.slice(0, mark)), publicKey, bytes);
}

/** The last whole line of a file of checkpoints; undefined when there is no file or no line. */
export async function lastCheckpointLine(path: string): Promise<string | undefined> {
  const handle = await openIfThere(path);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    return (await lastLine(handle, size))?.bytes.toString("utf8");
  } finally {
    await handle.close();
  }
}

/** All whole lines of a file of checkpoints; none when there is no file. */
export async function* checkpointLines(path: string): AsyncGenerator<string, void, void> {
  const handle = await openIfThere(path);
  if (handle === undefined) return;
  try {
    yield* readLines(handle, 0);
  } finally {
    await handle.close();
  }
}

/** Adds to a writer's checkpoints, one file for each segment. One call at a time. */
export class CheckpointFile {
  readonly #directory: string;
  readonly #writer: string;
  readonly #disk: AuditDisk;
  #file: AppendFile | undefined;
  #number = 0;
  #lastSeq = 0;

  constructor(directory: string, writer: string, disk: AuditDisk) {
    this.#directory = directory;
    this.#writer = writer;
    this.#disk = disk;
  }

  /**
   * Makes the line of a checkpoint at `seq` durable in the file of this segment, unless that has one already. After a
   * failure the file is opened and mended at the next call.
   */
  async add(line: () => string, seq: number, segment: number): Promise<void> {
    if (segment !== this.#number) await this.close();
    this.#number = segment;
    const file = this.#file ?? (await this.#open());
    if (seq <= this.#lastSeq) return;
    this.#file = undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        file.append(Buffer.from(`${line()}\n`), (error) => (error === undefined ? resolve() : reject(error)));
      });
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#lastSeq = seq;
    this.#file = file;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #open(): Promise<AppendFile> {
    const path = join(this.#directory, checkpointsName(this.#writer, this.#number));
    const file = await this.#disk.open(path);
    try {
      await cutTornLine(file, path);
      const last = await lastCheckpointLine(path);
      this.#lastSeq = (last === undefined ? undefined : parseCheckpoint(last)?.seq) ?? 0;
      this.#file = file;
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }
}

/** What a crash or a power cut left of the last lines goes; a line with a zero byte was never whole on the disk. */
async function cutTornLine(file: AppendFile, path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    let line = await lastLine(handle, size);
    while (line?.bytes.includes(0)) line = await lastLine(handle, line.start);
    const end = line === undefined ? 0 : line.start + line.bytes.length + 1;
    if (end < size) await file.truncate(end);
  } finally {
    await handle.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
