import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { type Checkpoint, checkpointLines, isSigned, keyId, parseCheckpoint } from "./checkpoint.ts";
import { type Segment, segmentName } from "./files.ts";
import type { AuditFault } from "./verify-report.ts";

/** A segment's checkpoints, up to the first bad one. */
export async function readCheckpoints(
  directory: string,
  { writer, number, name }: Segment,
  publicKey: KeyObject | undefined,
): Promise<{ readonly checkpoints: readonly Checkpoint[]; readonly fault: AuditFault | null }> {
  const checkpoints: Checkpoint[] = [];
  const segment = segmentName(writer, number);
  let line = 0;
  for await (const text of checkpointLines(join(directory, name))) {
    line += 1;
    const checkpoint = parseCheckpoint(text);
    const fault = (code: AuditFault["code"], message: string) => ({
      checkpoints,
      fault: { file: name, line, seq: checkpoint?.seq ?? null, code, message },
    });
    if (checkpoint === undefined) return fault("bad-checkpoint", "the line is no checkpoint");
    if (publicKey !== undefined && !isSigned(text, publicKey)) {
      const other =
        checkpoint.key === keyId(publicKey) ? "" : `; it names key ${checkpoint.key}, given is ${keyId(publicKey)}`;
      return fault("bad-signature", `the signature does not fit${other}`);
    }
    if (checkpoint.writer !== writer || checkpoint.file !== segment) {
      return fault("bad-checkpoint", `the checkpoint is of ${checkpoint.file}`);
    }
    const before = checkpoints.at(-1);
    if (before !== undefined && checkpoint.seq <= before.seq) return fault("bad-checkpoint", "seq does not grow");
    checkpoints.push(checkpoint);
  }
  return { checkpoints, fault: null };
}
