/** What is wrong with a writer's chain, and where it shows first. */
export interface AuditFault {
  readonly file: string;
  /** From 1; 0 when the file as a whole is meant. */
  readonly line: number;
  /** The number of the record, or the one that should be there; null when it cannot be told. */
  readonly seq: number | null;
  readonly code:
    | "bad-json"
    | "bad-shape"
    | "hash"
    | "chain"
    | "sequence"
    | "time"
    | "writer"
    | "torn-tail"
    | "missing-segment"
    | "missing-start"
    | "bad-checkpoint"
    | "bad-signature"
    | "checkpoint-mismatch"
    | "shorter-than-checkpoint"
    | "missing-checkpoints";
  readonly message: string;
}

/** One writer's chain as found. */
export interface WriterReport {
  readonly writer: string;
  readonly segments: number;
  /** Good records, up to the first bad one. */
  readonly records: number;
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** `hash` of the last good record: compare it with a copy kept elsewhere. */
  readonly head: string | null;
  /** The last record that a checkpoint covers; what comes after is proved by nothing but the chain. */
  readonly checkpointSeq: number | null;
  readonly fault: AuditFault | null;
}

export interface VerifyReport {
  readonly intact: boolean;
  /** Whether the checkpoints' signatures were checked. */
  readonly signaturesChecked: boolean;
  readonly records: number;
  readonly bytes: number;
  readonly writers: readonly WriterReport[];
}
