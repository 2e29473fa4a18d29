import type { ApiKeyRecord } from "../settings/services.ts";
import type { Database } from "../state/index.ts";
import { changesSince, keyVersion } from "./key-rows.ts";
import { entriesOf, type KeyEntry, Keyring } from "./keyring.ts";
import type { LiveFile } from "./live-file.ts";
import { type Role, Roles } from "./permissions.ts";
import { removeReplica, reportReplica, TRUST_MS } from "./replicas.ts";

/** Something that an operator of a replica should know. */
export interface KeyringNotice {
  readonly level: "warn" | "info";
  readonly message: string;
  readonly error?: unknown;
}

export interface LiveKeyringOptions {
  readonly database: Database;
  /** The keys that the deployment made: `openLiveFile` with `parseKeysFile`. */
  readonly file: Pick<LiveFile<readonly ApiKeyRecord[]>, "current">;
  readonly roles: readonly Role[];
  /** Name of this replica, unlike that of every other. */
  readonly replica: string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly notify: (notice: KeyringNotice) => void;
  /** @default 1000; how often it is looked whether the database must be asked. */
  readonly intervalMs?: number;
}

/** The keys of all sources as a replica serves them. */
export interface LiveKeyring {
  /** The keys as they stand; {@link Keyring.unavailable} while a revocation may have been missed. */
  readonly current: () => Keyring;
  /** Whether the database confirmed within 10 s that no key was changed that this replica does not know of. */
  readonly fresh: () => boolean;
  /** Reads what changed now instead of at the next notice. Does not throw: a failure is reported, and time goes on. */
  readonly check: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** How often the database is asked although notifications arrive: a connection can be dead without saying so. */
const CONFIRM_MS = 3000;
/** Before every version: everything is to be read. */
const NOTHING_APPLIED = -1;

/**
 * Keeps the keys of the database and of the deployment's file in memory.
 *
 * A change arrives as a notification; while none can arrive the database is asked every second, and every 3 s otherwise.
 * Whenever that fails for longer than 10 s no key is accepted any more, those of the file included, because any of them
 * may have been revoked meanwhile. A replica is seen before it reads, and trusts what it read from before that on, so that
 * whoever revokes a key and does not see the replica can rely on it accepting no key.
 * @throws whatever the first reading throws: a service does not start without its keys.
 */
export async function openKeyring(options: LiveKeyringOptions): Promise<LiveKeyring> {
  const source = new KeySource(options);
  await source.start();
  return {
    current: source.current,
    fresh: source.fresh,
    check: () => source.check(),
    close: () => source.close(),
  };
}

class KeySource {
  readonly #options: LiveKeyringOptions;
  readonly #roles: Roles;
  #file: readonly ApiKeyRecord[] | undefined;
  #keys: ReadonlyMap<string, KeyEntry> = new Map();
  #revocations: ReadonlyMap<string, number> = new Map();
  #keyring = Keyring.unavailable;
  #applied = NOTHING_APPLIED;
  /** Monotonic time up to which every change is known. */
  #confirmedMs = Number.NEGATIVE_INFINITY;
  #listening = false;
  #failing = false;
  #closed = false;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(options: LiveKeyringOptions) {
    this.#options = options;
    this.#roles = new Roles(options.roles);
  }

  readonly fresh = (): boolean => this.#options.nowMs() - this.#confirmedMs <= TRUST_MS;

  readonly current = (): Keyring => {
    if (!this.fresh()) return Keyring.unavailable;
    if (this.#options.file.current() !== this.#file) this.#merge();
    return this.#keyring;
  };

  /** A change that is announced during the first reading is read after it, never beside it. */
  async start(): Promise<void> {
    this.#running = this.#open().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
    if (this.#again) await this.check();
    this.#timer = setInterval(() => this.#tick(), this.#options.intervalMs ?? 1000).unref();
  }

  async #open(): Promise<void> {
    this.#listening = true;
    this.#unlisten = await this.#options.database.listen("keys", {
      onMessage: () => void this.check(),
      onGap: () => {
        this.#listening = true;
        void this.check();
      },
      onLost: () => {
        this.#listening = false;
      },
    });
    try {
      await this.#sync();
    } catch (error) {
      await this.#unlisten();
      throw error;
    }
  }

  /** One reading at a time; a request for one during a reading is answered by another reading after it. */
  check(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#checkUntilQuiet().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
    await this.#unlisten?.();
    await removeReplica(this.#options.database, this.#options.replica).catch((error: unknown) =>
      this.#options.notify({
        level: "warn",
        message: "could not sign off; changes of keys wait for it for 15 s",
        error,
      }),
    );
  }

  #tick(): void {
    const due = !this.#listening || this.#options.nowMs() - this.#confirmedMs >= CONFIRM_MS;
    if (due && this.#running === undefined) void this.check();
  }

  async #checkUntilQuiet(): Promise<void> {
    const { notify } = this.#options;
    do {
      this.#again = false;
      try {
        await this.#sync();
        if (this.#failing) notify({ level: "info", message: "the keys are confirmed again" });
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) notify({ level: "warn", message: "the keys cannot be confirmed", error });
        this.#failing = true;
      }
    } while (this.#again && !this.#closed);
  }

  async #sync(): Promise<void> {
    const { database, replica, nowMs } = this.#options;
    const startedMs = nowMs();
    // First seen, then read: whoever changes a key between the two knows that this replica must be waited for.
    await reportReplica(database, replica, this.#applied);
    const version = await keyVersion(database);
    if (version !== this.#applied) {
      // A lower version is a database that was restored: what was read from the other one is worth nothing.
      await this.#read(version, version < this.#applied);
      await reportReplica(database, replica, version);
    }
    this.#confirmedMs = startedMs;
  }

  async #read(version: number, anew: boolean): Promise<void> {
    const { keys, revocations } = await changesSince(
      this.#options.database,
      anew ? NOTHING_APPLIED : this.#applied,
      this.#roles,
    );
    const changed = keys.map((entry) => [entry.record.id, entry] as const);
    this.#keys = new Map(anew ? changed : [...this.#keys, ...changed]);
    this.#revocations = new Map(anew ? revocations : [...this.#revocations, ...revocations]);
    this.#applied = version;
    this.#merge();
  }

  #merge(): void {
    this.#file = this.#options.file.current();
    const keys = new Map([...this.#keys, ...entriesOf(this.#file, this.#roles)]);
    this.#keyring = new Keyring(keys, { revocations: this.#revocations });
  }
}
