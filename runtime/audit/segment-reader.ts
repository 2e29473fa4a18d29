import type { Checkpoint } from "./checkpoint.ts";
import type { Segment } from "./files.ts";
import type { AuditFault } from "./verify-report.ts";

/** Where the check stands in one segment. */
export class SegmentReader {
  readonly segment: Segment;
  line = 0;
  /** Up to where the file was read. */
  end = 0;
  readonly #checkpoints: readonly Checkpoint[];
  #next = 0;

  constructor(segment: Segment, checkpoints: readonly Checkpoint[]) {
    this.segment = segment;
    this.#checkpoints = checkpoints;
  }

  /** The checkpoint of this record. One whose record does not come is found when the file ends. */
  checkpointAt(seq: number): Checkpoint | undefined {
    const checkpoint = this.#checkpoints[this.#next];
    if (checkpoint?.seq !== seq) return undefined;
    this.#next += 1;
    return checkpoint;
  }

  /** Records that were signed and are not there. */
  short(): AuditFault | null {
    const checkpoint = this.#checkpoints[this.#next];
    if (checkpoint === undefined) return null;
    this.line += 1;
    return this.fault("shorter-than-checkpoint", checkpoint.seq, `seq ${checkpoint.seq} was signed and is missing`);
  }

  fault(code: AuditFault["code"], seq: number, message: string): AuditFault {
    return { file: this.segment.name, line: this.line, seq, code, message };
  }
}
