import type { KeyObject } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { listCheckpoints, listSegments } from "./files.ts";
import type { VerifyReport, WriterReport } from "./verify-report.ts";
import { WriterCheck } from "./verify-writer.ts";

export interface VerifyOptions {
  /** Ed25519. Without it signatures are not checked: whoever rewrote the log could have written the checkpoints too. */
  readonly publicKey?: KeyObject | undefined;
  /** Called now and then, with how much was read. */
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
  /** Waits before a torn line is looked at again, which may be one that is being written. @default a timer */
  readonly pause?: (ms: number) => Promise<void>;
}

/**
 * Checks every record of every writer against its own hash, its link, its number and the signed checkpoints, and says
 * where each chain is first wrong. Memory does not grow with the log.
 */
export async function verifyAudit(directory: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { publicKey, onProgress, pause = sleep } = options;
  // Checkpoints first: a log that is being written has only more records when these are read.
  const checkpoints = await listCheckpoints(directory);
  const segments = await listSegments(directory);
  const names = [...new Set([...segments.keys(), ...checkpoints.keys()])].sort();
  const checks: WriterCheck[] = [];
  for (const writer of names) {
    const files = { segments: segments.get(writer) ?? [], checkpoints: checkpoints.get(writer) ?? [] };
    checks.push(await WriterCheck.prepare(directory, writer, files, publicKey));
  }
  const total = checks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let bytes = 0;
  const writers: WriterReport[] = [];
  for (const check of checks) {
    const onRead = (read: number): void => {
      bytes += read;
      onProgress?.(bytes, total);
    };
    writers.push(await check.run({ onRead, pause: async (ms) => void (await pause(ms)) }));
  }
  return {
    intact: writers.every(({ fault }) => fault === null),
    signaturesChecked: publicKey !== undefined,
    records: writers.reduce((sum, { records }) => sum + records, 0),
    bytes,
    writers,
  };
}
