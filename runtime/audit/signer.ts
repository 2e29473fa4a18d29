import type { KeyObject } from "node:crypto";
import { CheckpointFile, checkpointText } from "./checkpoint.ts";
import type { AuditDisk } from "./disk.ts";
import { segmentName } from "./files.ts";
import type { Head } from "./recover.ts";

export interface SignerOptions {
  readonly directory: string;
  readonly writer: string;
  readonly key: KeyObject;
  readonly now: () => Date;
  readonly disk: AuditDisk;
}

/** Signs how far the chain has come, one checkpoint at a time and none twice. */
export class CheckpointSigner {
  readonly #options: SignerOptions;
  readonly #file: CheckpointFile;
  #signedSeq = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#file = new CheckpointFile(options.directory, options.writer, options.disk);
  }

  /** Makes a checkpoint durable, unless this record has one. Rejects when it cannot be written. */
  sign(head: Head): Promise<void> {
    // Also after a failure of the one before, which its own caller heard of.
    const next = this.#last.then(
      () => this.#sign(head),
      () => this.#sign(head),
    );
    this.#last = next;
    return next;
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#file.close();
  }

  async #sign({ segment, seq, hash, bytes }: Head): Promise<void> {
    if (seq <= this.#signedSeq || bytes === 0) return;
    const { writer, key, now } = this.#options;
    const facts = { writer, file: segmentName(writer, segment), seq, hash, bytes, time: now().toISOString() };
    await this.#file.add(() => checkpointText(facts, key), seq, segment);
    this.#signedSeq = seq;
  }
}
