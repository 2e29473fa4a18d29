import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";

export interface ReplyCacheOptions {
  readonly ttlMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** @default 8 MiB */
  readonly maxBytes?: number;
}

interface Sealed {
  readonly nonce: Buffer;
  readonly tag: Buffer;
  readonly bytes: Buffer;
}

const MAX_BYTES = 8_388_608;
/** Nonce, tag and the objects around them. */
const ENTRY_BYTES = 256;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const CIPHER = "aes-256-gcm";

/**
 * Answers of one tenant to exactly the same requests. Bounded by bytes and by age.
 *
 * Entries are encrypted with a key that only this object has and that ends with the process: an answer never lies
 * readable in memory for as long as it may be given again, and no other tenant's cache can open it.
 */
export class ReplyCache {
  readonly #key = randomBytes(KEY_BYTES);
  readonly #entries: LRUCache<string, Sealed>;

  constructor({ ttlMs, nowMs, maxBytes = MAX_BYTES }: ReplyCacheOptions) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ bytes }) => bytes.length + ENTRY_BYTES,
      ttl: ttlMs,
      ttlResolution: 0,
      perf: { now: nowMs },
    });
  }

  /** The completion that was kept for a request, as JSON text. */
  get(key: string): Buffer | undefined {
    const sealed = this.#entries.get(key);
    if (sealed === undefined) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, sealed.nonce).setAuthTag(sealed.tag).setAAD(Buffer.from(key));
    return Buffer.concat([decipher.update(sealed.bytes), decipher.final()]);
  }

  set(key: string, completion: Buffer): void {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(key));
    const bytes = Buffer.concat([cipher.update(completion), cipher.final()]);
    this.#entries.set(key, { nonce, tag: cipher.getAuthTag(), bytes });
  }
}
