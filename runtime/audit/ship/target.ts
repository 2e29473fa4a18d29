/** A record on its way out. */
export interface ShippedRecord {
  readonly writer: string;
  readonly seq: number;
  readonly time: string;
  readonly hash: string;
  readonly kind: string;
  readonly decision: string;
  /** The record's own JSON text, as in the log. */
  readonly text: string;
}

/** A record that a target will never take, and why. */
export interface RefusedRecord {
  readonly record: ShippedRecord;
  readonly reason: string;
}

/** What became of a batch; what is named in neither list was accepted. */
export interface Delivery {
  readonly refused: readonly RefusedRecord[];
  /** To be sent again, later. */
  readonly again: readonly ShippedRecord[];
  /** Why `again` is not empty, for the operator. */
  readonly trouble?: string;
}

export const ACCEPTED: Delivery = { refused: [], again: [] };

/** A system that audit records are delivered to. */
export interface ExportTarget {
  /** Delivers a batch. A rejection means that nothing is known to have arrived: all of it is sent again. */
  send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}
