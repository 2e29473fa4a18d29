import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { AppendFile, AuditDisk } from "../../runtime/audit/disk.ts";
import { AuditLog, type AuditRecord, verifyAudit } from "../../runtime/audit/index.ts";
import { removeExpired } from "../../runtime/audit/retention.ts";
import { auditEntry, checkpointKeys } from "./audit-chain.ts";

const SECTOR = 512;

/** A source of numbers from 0 up to and without 1. */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32), so that a failure can be played again. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What may be on the disk of one file after a cut, from what was durable and what was under way. */
interface ModelFile {
  durable: Buffer | undefined;
  /** Bytes that are being added. */
  adding: Buffer | undefined;
  /** The size that the file is being cut to. */
  cutting: number | undefined;
  /** Whether it is being removed. */
  removing: boolean;
}

/**
 * A file system that loses power. Writes go to real files at once, as into a page cache; what of them is on the disk at a
 * cut is made up: each 512-byte sector of a write that was under way is there or is zeros, in any order, and the file has
 * its old size, its new one, or one between.
 */
export class PowerCutDisk implements AuditDisk {
  readonly #files = new Map<string, ModelFile>();
  readonly #onWrite: () => void;

  /** @param onWrite called while a change is under way: the moment to cut */
  constructor(onWrite: () => void) {
    this.#onWrite = onWrite;
  }

  async open(path: string): Promise<AppendFile> {
    const file = this.#file(path);
    const handle = await open(path, "a+");
    if (file.durable === undefined) {
      this.#onWrite();
      file.durable = Buffer.alloc(0);
    }
    return new ModelHandle(handle, file, this.#onWrite);
  }

  async remove(path: string): Promise<void> {
    const file = this.#file(path);
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    file.removing = true;
    this.#onWrite();
    this.#files.delete(path);
  }

  /** Writes what a machine would find after a cut now. @returns the folder. */
  cut(random: Random): string {
    const folder = mkdtempSync(join(tmpdir(), "audit-cut-"));
    for (const [path, file] of this.#files) {
      const bytes = found(file, random);
      if (bytes !== undefined) writeFileSync(join(folder, basename(path)), bytes);
    }
    return folder;
  }

  #file(path: string): ModelFile {
    const file = this.#files.get(path) ?? {
      durable: undefined,
      adding: undefined,
      cutting: undefined,
      removing: false,
    };
    this.#files.set(path, file);
    return file;
  }
}

function found({ durable, adding, cutting, removing }: ModelFile, random: Random): Buffer | undefined {
  if ((durable === undefined || removing) && random() < 0.5) return undefined;
  const old = durable ?? Buffer.alloc(0);
  if (cutting !== undefined) return random() < 0.5 ? old : old.subarray(0, cutting);
  if (adding === undefined) return old;
  const whole = Buffer.concat([old, adding]);
  const result = Buffer.alloc(whole.length);
  old.copy(result);
  for (let start = old.length - (old.length % SECTOR); start < whole.length; start += SECTOR) {
    if (random() < 0.5) whole.copy(result, start, start, start + SECTOR);
  }
  const sizes = [old.length, whole.length, old.length + Math.floor(random() * adding.length)];
  return result.subarray(0, sizes[Math.floor(random() * 3)]);
}

class ModelHandle implements AppendFile {
  readonly #handle: FileHandle;
  readonly #file: ModelFile;
  readonly #onWrite: () => void;
  #size: number;

  constructor(handle: FileHandle, file: ModelFile, onWrite: () => void) {
    this.#handle = handle;
    this.#file = file;
    this.#onWrite = onWrite;
    this.#size = file.durable?.length ?? 0;
  }

  append(bytes: Buffer, done: (error: Error | undefined) => void): void {
    const copy = Buffer.from(bytes);
    this.#file.adding = copy;
    this.#handle.appendFile(copy).then(() => {
      this.#onWrite();
      this.#file.durable = Buffer.concat([this.#file.durable ?? Buffer.alloc(0), copy]);
      this.#file.adding = undefined;
      this.#size += copy.length;
      done(undefined);
    }, done);
  }

  look(): { readonly size: number; readonly links: number } {
    return { size: this.#size, links: 1 };
  }

  async truncate(size: number): Promise<void> {
    this.#file.cutting = size;
    await this.#handle.truncate(size);
    this.#onWrite();
    this.#file.durable = this.#file.durable?.subarray(0, size);
    this.#file.cutting = undefined;
    this.#size = size;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Files of a machine that has come back, without waiting for the real disk: what it would lose is of no interest. */
const quickDisk: AuditDisk = {
  open: async (path) => {
    const handle = await open(path, "a+");
    const file = { durable: readFileSync(path), adding: undefined, cutting: undefined, removing: false };
    return new ModelHandle(handle, file, () => {});
  },
  remove: unlink,
};

const KEYS = checkpointKeys();
const DAY_MS = 86_400_000;
const WRITER = "w1";

interface Cut {
  readonly folder: string;
  /** What callers had been told is durable. */
  readonly acknowledged: readonly AuditRecord[];
  readonly clockMs: number;
}

/**
 * Writes a log with batches, checkpoints, rotation and retention, and cuts the power at moments of each write. Then lets
 * each machine come back. @returns what was wrong after each cut: nothing, if all is well.
 */
export async function powerCuts(seed: number, cuts: number): Promise<readonly string[]> {
  const random = seeded(seed);
  const folder = mkdtempSync(join(tmpdir(), "audit-power-"));
  const acknowledged: AuditRecord[] = [];
  const taken: Cut[] = [];
  let clockMs = Date.parse("2026-03-01T00:00:00Z");
  const disk: PowerCutDisk = new PowerCutDisk(() => {
    if (taken.length >= cuts || random() < 0.3) return;
    taken.push({ folder: disk.cut(random), acknowledged: [...acknowledged], clockMs });
  });
  const now = (): Date => new Date(clockMs);
  const options = { writer: WRITER, now, notify: () => {}, signingKey: KEYS.signingKey, rotateBytes: 5000 };
  const log = await AuditLog.open({ directory: folder, disk, ...options });
  const retention = { directory: folder, writer: WRITER, retentionDays: 2, now, unshipped: () => Infinity, disk };
  while (taken.length < cuts) {
    const batch = Array.from({ length: 1 + Math.floor(random() * 6) }, async () => {
      acknowledged.push(await log.append(auditEntry({ model: "m".repeat(Math.floor(random() * 700)) })));
    });
    await Promise.all(batch);
    if (random() < 0.3) await log.checkpoint();
    if (random() < 0.1) clockMs += DAY_MS / 2;
    if (random() < 0.05) await removeExpired(log, retention);
  }
  await log.close();
  rmSync(folder, { recursive: true });
  const problems: string[] = [];
  for (const [index, cut] of taken.entries()) {
    const problem = await comeBack(cut, options);
    if (problem !== undefined) problems.push(`seed ${seed}, cut ${index}: ${problem}`);
  }
  return problems;
}

async function comeBack(
  { folder, acknowledged, clockMs }: Cut,
  options: Omit<Parameters<typeof AuditLog.open>[0], "directory">,
): Promise<string | undefined> {
  try {
    const now = (): Date => new Date(clockMs);
    const log = await AuditLog.open({ ...options, directory: folder, now, disk: quickDisk });
    await log.append(auditEntry({ action: "after:cut" }));
    await log.close();
    const report = await verifyAudit(folder, { publicKey: KEYS.publicKey });
    if (!report.intact) return JSON.stringify(report.writers);
    const lines = linesOf(folder);
    const first = report.writers[0]?.firstSeq ?? 1;
    const lost = acknowledged.find((record) => record.seq >= first && !lines.has(JSON.stringify(record)));
    return lost === undefined ? undefined : `acknowledged seq ${lost.seq} is lost`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function linesOf(folder: string): ReadonlySet<string> {
  const segments = readdirSync(folder).filter((name) => /^audit-.*\.jsonl$/.test(name));
  return new Set(segments.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n")));
}
