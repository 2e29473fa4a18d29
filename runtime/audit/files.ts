import { readdir } from "node:fs/promises";

/** One file of one writer's chain. */
export interface Segment {
  readonly writer: string;
  /** From 1; the chain runs through the numbers in order. */
  readonly number: number;
  readonly name: string;
}

const SEGMENT = /^audit-([A-Za-z0-9][A-Za-z0-9._-]{0,199})\.(\d{6,12})\.jsonl$/;
const CHECKPOINTS = /^checkpoints-([A-Za-z0-9][A-Za-z0-9._-]{0,199})\.(\d{6,12})\.jsonl$/;

/** Whether a writer's name can stand in a file name. */
export function isWriterName(writer: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(writer);
}

/** `audit-<writer>.000001.jsonl`. Replicas share the directory and nothing else. */
export function segmentName(writer: string, number: number): string {
  return `audit-${writer}.${String(number).padStart(6, "0")}.jsonl`;
}

/** The signed checkpoints of one segment; they go with it when it is removed. */
export function checkpointsName(writer: string, number: number): string {
  return `checkpoints-${writer}.${String(number).padStart(6, "0")}.jsonl`;
}

/** The files of all writers, each writer's in the order of its chain. */
export async function listSegments(directory: string): Promise<ReadonlyMap<string, readonly Segment[]>> {
  return grouped(await readdir(directory), SEGMENT);
}

/** The same for the files of checkpoints. */
export async function listCheckpoints(directory: string): Promise<ReadonlyMap<string, readonly Segment[]>> {
  return grouped(await readdir(directory), CHECKPOINTS);
}

function grouped(names: readonly string[], pattern: RegExp): ReadonlyMap<string, readonly Segment[]> {
  const writers = new Map<string, Segment[]>();
  for (const name of [...names].sort()) {
    const [, writer, digits] = pattern.exec(name) ?? [];
    if (writer === undefined || digits === undefined) continue;
    const segments = writers.get(writer) ?? [];
    segments.push({ writer, number: Number(digits), name });
    writers.set(writer, segments);
  }
  for (const segments of writers.values()) segments.sort((a, b) => a.number - b.number);
  return writers;
}
