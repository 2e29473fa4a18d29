import type { AuditEntry, AuditRecord } from "../../../runtime/audit/index.ts";

/** An audit log in memory whose disk can fail and whose commits can be held. */
export class MemoryAudit {
  readonly entries: AuditEntry[] = [];
  healthy = true;
  broken = false;
  #held: (() => void)[] | undefined;

  appendThen = (entry: AuditEntry, done: (error: Error | undefined) => void): void => {
    const commit = (): void => {
      if (this.broken) {
        done(new Error("disk"));
        return;
      }
      this.entries.push(entry);
      done(undefined);
    };
    if (this.#held === undefined) setImmediate(commit);
    else this.#held.push(commit);
  };

  append = (entry: AuditEntry): Promise<AuditRecord> =>
    new Promise((resolve, reject) => {
      this.appendThen(entry, (error) => (error === undefined ? resolve({} as AuditRecord) : reject(error)));
    });

  /** From now on nothing becomes durable until `commit`. */
  hold(): void {
    this.#held = [];
  }

  get waiting(): number {
    return this.#held?.length ?? 0;
  }

  commit(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const commit of held) commit();
  }

  reset(): void {
    this.entries.length = 0;
    this.healthy = true;
    this.broken = false;
    this.#held = undefined;
  }
}
