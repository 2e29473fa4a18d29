import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** The file is set aside as `<file>.<number>` at this size, in bytes, and a new one begins. */
export const MAX_AUDIT_BYTES = 16_777_216;

/**
 * So many files may wait to be shipped (256 MiB, some 270,000 calls); then calls are refused until the model router
 * has taken them into the audit log.
 */
export const MAX_WAITING_FILES = 16;

/** Longest first line that a file is known by, in bytes; records are far shorter. */
const MAX_LINE_BYTES = 65_536;

/** Appends one JSON line; throws when it cannot, and then the call must not happen. */
export function appendToolAudit(file: string, record: object, maxBytes = MAX_AUDIT_BYTES): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let handle = openAudit(file);
  try {
    if (fstatSync(handle).size >= maxBytes) {
      setAside(file);
      closeSync(handle);
      handle = openAudit(file);
    }
    const { size } = fstatSync(handle);
    // Half a line of a write that failed must not swallow this one.
    const line = Buffer.from(`${endsLine(handle, size) ? "" : "\n"}${JSON.stringify(record)}\n`);
    const written = writeSync(handle, line);
    if (written < line.length) throw new Error(`tool audit: ${written} of ${line.length} bytes written`);
  } finally {
    closeSync(handle);
  }
}

/**
 * Removes a file that was set aside when all of it is in the audit log. `first` is the hash of its first line: numbers
 * begin again when nothing waits, so a number alone could name a file that nobody has read yet.
 *
 * @returns whether it was removed.
 */
export function removeDelivered(file: string, number: number, first: string): boolean {
  const path = `${file}.${number}`;
  const handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (firstLineHash(handle) !== first) return false;
  } finally {
    closeSync(handle);
  }
  rmSync(path);
  return true;
}

function openAudit(file: string): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
  return openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
}

function setAside(file: string): void {
  const prefix = `${basename(file)}.`;
  const numbers = readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d*$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)));
  if (numbers.length >= MAX_WAITING_FILES) {
    throw new Error(`tool audit: ${numbers.length} files wait for the audit log; no call is made until it takes them`);
  }
  renameSync(file, join(dirname(file), `${prefix}${Math.max(0, ...numbers) + 1}`));
}

function endsLine(handle: number, size: number): boolean {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(handle, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}

function firstLineHash(handle: number): string | undefined {
  const head = Buffer.alloc(MAX_LINE_BYTES);
  const text = head.subarray(0, readSync(handle, head, 0, head.length, 0));
  const end = text.indexOf(0x0a);
  return end < 0 ? undefined : createHash("sha256").update(text.subarray(0, end)).digest("hex");
}
