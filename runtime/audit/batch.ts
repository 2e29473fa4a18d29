import { hashOf, sealText } from "./text.ts";

/** Called once: without an error when the record is durable. */
export type Done = (error: Error | undefined) => void;

/** A batch is closed at this size, and written with the next turn of the disk. */
const FULL_BYTES = 262_144;
const FULL_RECORDS = 1024;
/** An UTF-16 unit is at most 3 bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

/** Records that are written together: their bytes and those who wait for them. Reused, because the buffer is large. */
export class Batch {
  dones: Done[] = [];
  /** The last record of the batch. */
  seq = 0;
  hash = "";
  time = "";
  /** When its first record was made. */
  since = "";
  #buffer: Buffer = Buffer.allocUnsafe(FULL_BYTES);
  #used = 0;
  /** The end of the last line: written with the begin of the next, because each call of `write` costs a tenth of a record. */
  #seal = "";

  get full(): boolean {
    return this.#used >= FULL_BYTES || this.dones.length >= FULL_RECORDS;
  }

  /** Adds a record's text up to its hash. @returns the hash. */
  add(text: string, done: Done): string {
    const before = this.#seal.length;
    const start = this.#write(this.#seal + text);
    const hash = hashOf(this.#buffer.subarray(start + before, this.#used));
    this.#seal = sealText(hash);
    this.dones.push(done);
    return hash;
  }

  /** What is written to the disk, once nothing more is added; valid until {@link clear}. */
  bytes(): Buffer {
    this.#write(this.#seal);
    this.#seal = "";
    return this.#buffer.subarray(0, this.#used);
  }

  clear(): void {
    this.#used = 0;
    this.#seal = "";
    this.dones = [];
    // A record with content may have made it large.
    if (this.#buffer.length > FULL_BYTES * 4) this.#buffer = Buffer.allocUnsafe(FULL_BYTES);
  }

  /** @returns where the text begins. */
  #write(text: string): number {
    const room = text.length * BYTES_PER_UNIT;
    if (this.#buffer.length - this.#used < room) this.#grow(room);
    const start = this.#used;
    this.#used += this.#buffer.write(text, start, "utf8");
    return start;
  }

  #grow(room: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#used + room));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}
