import type { KeyObject } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { ChainCheck, placeOf } from "./chain.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type Segment, segmentName } from "./files.ts";
import { type Line, LineTooLong, lineBlocks } from "./lines.ts";
import { readCheckpoints } from "./read-checkpoints.ts";
import { type Link, START } from "./record.ts";
import { type Removal, removalOf } from "./removal.ts";
import { SegmentReader } from "./segment-reader.ts";
import { parseLine } from "./text.ts";
import type { AuditFault, WriterReport } from "./verify-report.ts";

/** A log that is being written gets a checkpoint each second; records without one over a longer time lost theirs. */
const UNSIGNED_MAX_MS = 60_000;
/** A line that is still torn after so many looks is not one being written. */
const TORN_LOOKS = 5;
const TORN_PAUSE_MS = 50;

interface Files {
  readonly segments: readonly Segment[];
  readonly checkpoints: readonly Segment[];
}

interface RunDeps {
  /** Called with the bytes of each piece that was read. */
  readonly onRead: (bytes: number) => void;
  readonly pause: (ms: number) => Promise<void>;
}

/** Checks one writer's chain through all of its segments, up to the first thing that is wrong. */
export class WriterCheck {
  readonly sizeBytes: number;
  readonly #directory: string;
  readonly #writer: string;
  readonly #files: Files;
  /** By segment, each in the order of the chain. */
  readonly #checkpoints: ReadonlyMap<number, readonly Checkpoint[]>;
  #fault: AuditFault | null;
  #check: ChainCheck;
  #first: Link | undefined;
  #records = 0;
  #checkpointSeq: number | null = null;
  /** Time of the first record after the last checkpoint. */
  #unsignedSince: string | undefined;
  readonly #removals: (Removal & { readonly at: number })[] = [];
  /** Whether checkpoints must be there: there are some, or somebody asks for their signatures. */
  readonly #signed: boolean;

  private constructor(directory: string, writer: string, files: Files, found: Found) {
    this.#signed = found.signed;
    this.#directory = directory;
    this.#writer = writer;
    this.#files = files;
    this.#checkpoints = found.checkpoints;
    this.#fault = found.fault;
    this.sizeBytes = found.sizeBytes;
    this.#check = new ChainCheck(writer, START);
  }

  /** Reads the checkpoints, and how large the segments are. */
  static async prepare(
    directory: string,
    writer: string,
    files: Files,
    publicKey: KeyObject | undefined,
  ): Promise<WriterCheck> {
    return new WriterCheck(directory, writer, files, await find(directory, files, publicKey));
  }

  async run(deps: RunDeps): Promise<WriterReport> {
    const { segments } = this.#files;
    // A bad checkpoint is told only when the records are good: those are what matters first.
    const checkpointFault = this.#fault;
    this.#fault = this.#missing();
    for (const [index, segment] of segments.entries()) {
      if (this.#fault !== null) break;
      await this.#segment(segment, index === segments.length - 1, deps);
    }
    this.#fault ??= this.#wrongStart() ?? checkpointFault ?? this.#unsigned();
    const { seq, hash } = this.#check.link;
    const any = this.#records > 0;
    return {
      writer: this.#writer,
      segments: segments.length,
      records: this.#records,
      firstSeq: this.#first === undefined ? null : this.#first.seq + 1,
      lastSeq: any ? seq : null,
      head: any ? hash : null,
      checkpointSeq: this.#checkpointSeq,
      fault: this.#fault,
    };
  }

  /** Segments that should be there: those between others, and those that have checkpoints. */
  #missing(): AuditFault | null {
    const numbers = new Set(this.#files.segments.map(({ number }) => number));
    const first = this.#files.segments[0]?.number ?? this.#files.checkpoints[0]?.number ?? 1;
    const last = Math.max(...[...this.#files.segments, ...this.#files.checkpoints].map(({ number }) => number));
    for (let number = first; number <= last; number += 1) {
      if (numbers.has(number)) continue;
      const file = segmentName(this.#writer, number);
      return { file, line: 0, seq: null, code: "missing-segment", message: "the file is missing" };
    }
    return null;
  }

  async #segment(segment: Segment, last: boolean, deps: RunDeps): Promise<void> {
    const handle = await open(join(this.#directory, segment.name), "r");
    const reader = new SegmentReader(segment, this.#checkpoints.get(segment.number) ?? []);
    try {
      for await (const { lines, end } of lineBlocks(handle, 0)) {
        for (const line of lines) {
          this.#fault = this.#line(reader, line);
          if (this.#fault !== null) return;
        }
        deps.onRead(end - reader.end);
        reader.end = end;
      }
      this.#fault = reader.short() ?? (await this.#torn(handle, reader, last ? deps.pause : undefined));
    } catch (error) {
      if (!(error instanceof LineTooLong)) throw error;
      reader.line += 1;
      this.#fault = reader.fault("bad-json", this.#check.link.seq + 1, error.message);
    } finally {
      await handle.close();
    }
  }

  #line(reader: SegmentReader, { start, bytes }: Line): AuditFault | null {
    reader.line += 1;
    if (this.#first === undefined) this.#begin(bytes, reader.segment.number);
    const outcome = this.#check.push(bytes);
    if (typeof outcome !== "string") {
      const seq = outcome.seq ?? this.#check.link.seq + 1;
      return { file: reader.segment.name, line: reader.line, seq, code: outcome.code, message: outcome.message };
    }
    this.#records += 1;
    const { link } = this.#check;
    const checkpoint = reader.checkpointAt(link.seq);
    if (checkpoint !== undefined) {
      this.#checkpointSeq = link.seq;
      this.#unsignedSince = undefined;
      const fits = checkpoint.hash === link.hash && checkpoint.bytes === start + bytes.length + 1;
      if (!fits) return reader.fault("checkpoint-mismatch", link.seq, "the record is not the one that was signed");
    } else {
      this.#unsignedSince ??= link.time;
    }
    if (outcome === "system") {
      const record = parseLine(bytes.toString("utf8"));
      const removal = record && removalOf(record);
      if (removal !== undefined) this.#removals.push({ ...removal, at: link.seq });
    }
    return null;
  }

  /** The first segment that is left need not be the first that was: whether it may begin so is known at the end. */
  #begin(line: Buffer, segment: number): void {
    const place = segment === 1 ? undefined : placeOf(line);
    this.#first = place === undefined ? START : { seq: place.seq - 1, hash: place.prev, time: "" };
    this.#check = new ChainCheck(this.#writer, this.#first);
  }

  #wrongStart(): AuditFault | null {
    const segment = this.#files.segments[0];
    const first = this.#first;
    if (segment === undefined || first === undefined || segment.number === 1) return null;
    const before = segmentName(this.#writer, segment.number - 1);
    // Retention signs its record before it removes: one behind the last checkpoint may be of whoever took the files away.
    const signedSeq = this.#signed ? (this.#checkpointSeq ?? 0) : Number.POSITIVE_INFINITY;
    const removed = this.#removals.some(
      ({ file, seq, hash, at }) => at <= signedSeq && file === before && seq === first.seq && hash === first.hash,
    );
    if (removed) return null;
    const message = `what was before is gone, and no ${this.#signed ? "signed " : ""}record says that retention removed ${before} up to seq ${first.seq}`;
    return { file: segment.name, line: 1, seq: first.seq + 1, code: "missing-start", message };
  }

  /** Bytes after the last line of the last segment: a record being written, or one that a crash cut short. */
  async #torn(
    handle: FileHandle,
    reader: SegmentReader,
    pause: RunDeps["pause"] | undefined,
  ): Promise<AuditFault | null> {
    let { size } = await handle.stat();
    for (let look = 0; pause !== undefined && look < TORN_LOOKS && size > reader.end; look += 1) {
      const end = await endOfLines(handle, reader.end);
      if (end > reader.end) return null;
      await pause(TORN_PAUSE_MS);
      ({ size } = await handle.stat());
    }
    if (size <= reader.end) return null;
    reader.line += 1;
    return reader.fault("torn-tail", this.#check.link.seq + 1, `${size - reader.end} bytes that are no whole line`);
  }

  /** A log gets a checkpoint each second, and when it is opened: where they are missing, somebody took them. */
  #unsigned(): AuditFault | null {
    const { seq, time } = this.#check.link;
    if (!this.#signed || this.#unsignedSince === undefined) return null;
    const unsignedMs = Date.parse(time) - Date.parse(this.#unsignedSince);
    if (this.#checkpointSeq !== null && unsignedMs <= UNSIGNED_MAX_MS) return null;
    const file = this.#files.segments.at(-1)?.name ?? "";
    const message = `no checkpoint covers the records since ${this.#unsignedSince}`;
    return { file, line: 0, seq, code: "missing-checkpoints", message };
  }
}

interface Found {
  readonly checkpoints: ReadonlyMap<number, readonly Checkpoint[]>;
  readonly fault: AuditFault | null;
  readonly sizeBytes: number;
  readonly signed: boolean;
}

async function find(directory: string, files: Files, publicKey: KeyObject | undefined): Promise<Found> {
  const checkpoints = new Map<number, readonly Checkpoint[]>();
  let fault: AuditFault | null = null;
  for (const file of files.checkpoints) {
    const read = await readCheckpoints(directory, file, publicKey);
    checkpoints.set(file.number, read.checkpoints);
    fault ??= read.fault;
  }
  let sizeBytes = 0;
  for (const { name } of files.segments) sizeBytes += (await stat(join(directory, name))).size;
  const signed = publicKey !== undefined || files.checkpoints.length > 0;
  return { checkpoints, fault, sizeBytes, signed };
}

async function endOfLines(handle: FileHandle, from: number): Promise<number> {
  for await (const { end } of lineBlocks(handle, from)) return end;
  return from;
}
