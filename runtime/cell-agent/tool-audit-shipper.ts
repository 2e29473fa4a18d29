import { type Batch, type Cursor, type DeliveredFile, nextBatch } from "./tool-audit-files.ts";

/** What shipping needs of the world; tests pass their own. */
export interface ShipperDeps {
  /** The tool audit that the guard writes. */
  readonly file: string;
  readonly readCursor: () => Promise<Cursor | undefined>;
  /** Durable when it resolves. */
  readonly writeCursor: (cursor: Cursor) => Promise<void>;
  /** Hands a request body to the model router; resolves with undefined when it is in the audit log, else with why not. */
  readonly deliver: (body: string) => Promise<string | undefined>;
  /** Tells the guard that nobody needs a file any more. */
  readonly release: (file: DeliveredFile) => Promise<void>;
  /** Resolves early when shipping is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly stopped: () => boolean;
  readonly log: (level: "info" | "warn", message: string, fields: object) => void;
}

/** Between two looks at a file in which nothing is new. */
export const IDLE_MS = 1_000;
const FIRST_RETRY_MS = 1_000;
export const LONGEST_RETRY_MS = 30_000;

/**
 * Ships tool calls to the audit log until stopped, in order and each at least once: the cursor moves only when the model
 * router has a batch for good. Nothing is skipped because the router refuses it; what waits is bounded by the guard,
 * which then lets no call happen.
 */
export async function shipToolAudit(deps: ShipperDeps): Promise<void> {
  let cursor = await deps.readCursor();
  let retryMs = FIRST_RETRY_MS;
  while (!deps.stopped()) {
    try {
      const batch = await nextBatch(deps.file, cursor);
      const isNew = await deliverBatch(deps, cursor, batch);
      cursor = batch.next;
      for (const file of batch.delivered) await deps.release(file);
      retryMs = FIRST_RETRY_MS;
      if (!isNew) await deps.sleep(IDLE_MS);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      deps.log("warn", "tool calls not delivered", { reason, retryMs });
      await deps.sleep(retryMs);
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    }
  }
}

/** Whether there was anything new; rejects when it is not in the audit log. */
async function deliverBatch(deps: ShipperDeps, cursor: Cursor | undefined, batch: Batch): Promise<boolean> {
  const { lines, damaged, next } = batch;
  if (next === undefined || (next.first === cursor?.first && next.offset === cursor.offset)) return false;
  if (lines.length > 0) {
    const refusal = await deps.deliver(`{"records":[${lines.join(",")}]}`);
    if (refusal !== undefined) throw new Error(refusal);
  }
  if (damaged > 0) deps.log("warn", "lines of the tool audit that are no records", { damaged });
  await deps.writeCursor(next);
  return true;
}
