import type { ApiKeyRecord, Limits } from "../settings/services.ts";
import type { Database, Queries } from "../state/index.ts";
import { createApiKey } from "./api-key.ts";
import { escalationOf, inheritedExpiry, inheritedLimits, type Maker } from "./escalation.ts";
import { nextKeyVersion, storedKey } from "./key-rows.ts";
import { byAge, type KeyView, viewOf } from "./key-view.ts";
import type { KeyEntry } from "./keyring.ts";
import type { LiveKeyring } from "./live-keyring.ts";
import { type Role, Roles } from "./permissions.ts";
import { replicasBehind } from "./replicas.ts";

/** What a caller asks for when it makes a key. */
export interface KeyRequest {
  readonly tenant: string | null;
  readonly role: string;
  readonly label: string | null;
  /** Left out: the maker's own end. */
  readonly expiresInDays?: number;
  /** What is left out is the maker's own. */
  readonly limits: Limits;
}

/** Whether every replica works with a change already. */
export type Effective =
  | { readonly effective: "now"; readonly replicasMissing?: never }
  /** The change is stored; so many replicas have not said yet that they know of it. */
  | { readonly effective: "pending"; readonly replicasMissing: number };

/** Why a change of keys was not made. `code` is the HTTP interface's, `got` says what was found, without secrets. */
export class KeyRefusal extends Error {
  override readonly name = "KeyRefusal";
  readonly code: "key/not-found" | "key/escalation" | "key/unknown-role";
  readonly got: string;

  constructor(code: KeyRefusal["code"], got: string) {
    super(`${code}: ${got}`);
    this.code = code;
    this.got = got;
  }
}

export interface KeyStoreOptions {
  readonly database: Database;
  /** The replica's own keys: they name those of the file, and take a change over before anybody is asked. */
  readonly keyring: Pick<LiveKeyring, "current" | "check" | "fresh">;
  readonly roles: readonly Role[];
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** How long a change waits for the other replicas. */
const WAIT_MS = 3000;
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 200;

/** Makes, rotates and revokes keys. Every change is one transaction and is answered when all replicas work with it. */
export class KeyStore {
  readonly #options: KeyStoreOptions;
  readonly #roles: Roles;

  constructor(options: KeyStoreOptions) {
    this.#options = options;
    this.#roles = new Roles(options.roles);
  }

  /** @throws KeyRefusal `key/unknown-role`, `key/escalation`; whatever the database throws. */
  async create(maker: Maker, request: KeyRequest): Promise<{ key: string; view: KeyView } & Effective> {
    const { tenant, role, label, expiresInDays } = request;
    const now = this.#options.now();
    if (!this.#roles.has(role)) throw new KeyRefusal("key/unknown-role", "a role that the settings do not know");
    const limits = inheritedLimits(maker, request.limits);
    const expires = inheritedExpiry(maker, expiresInDays, now);
    const escalation = escalationOf(maker, { tenant, role, limits, expires }, this.#roles);
    if (escalation !== undefined) throw new KeyRefusal("key/escalation", escalation);
    const { key, record } = createApiKey({ tenant, role, label, limits, now, expires: dateOf(expires) });
    const version = await this.#change((tx, next) => insertKey(tx, record, next, { by: maker.keyId, replaces: null }));
    return {
      key,
      view: viewOf(record, { source: "api", replaces: null }, undefined, now),
      ...(await this.#settled(version)),
    };
  }

  /**
   * A new key with the rights of an old one, which is accepted for `overlapSeconds` more.
   * @throws KeyRefusal `key/not-found` for one that is not in use, `key/escalation`: whoever rotates gets the new secret.
   */
  async rotate(
    maker: Maker,
    id: string,
    overlapSeconds: number,
  ): Promise<{ key: string; view: KeyView; replaced: KeyView } & Effective> {
    const now = this.#options.now();
    const until = overlapSeconds === 0 ? null : new Date(now.getTime() + overlapSeconds * 1000);
    let made: { key: string; record: ApiKeyRecord } | undefined;
    let old: KeyEntry | undefined;
    const version = await this.#change(async (tx, next) => {
      const { entry, refusedFromMs } = await this.#find(tx, maker, id);
      const { tenant, role, label, limits, expires } = entry.record;
      if (refusedFromMs !== undefined) throw new KeyRefusal("key/not-found", "a key that was revoked or rotated");
      if (now.getTime() >= entry.expiresMs) throw new KeyRefusal("key/not-found", "a key that has expired");
      const escalation = escalationOf(maker, { tenant, role, limits, expires }, this.#roles);
      if (escalation !== undefined) throw new KeyRefusal("key/escalation", escalation);
      old = entry;
      made = createApiKey({ tenant, role, label, limits, now, expires: dateOf(expires) });
      await insertKey(tx, made.record, next, { by: maker.keyId, replaces: id });
      await insertRevocation(tx, { id, now, until, version: next });
    });
    if (made === undefined || old === undefined) throw new Error("a transaction that did not run");
    const from = until === null ? Number.NEGATIVE_INFINITY : until.getTime();
    return {
      key: made.key,
      view: viewOf(made.record, { source: "api", replaces: id }, undefined, now),
      replaced: viewOf(old.record, old, from, now),
      ...(await this.#settled(version)),
    };
  }

  /**
   * Refuses a key from now on, the deployment's own included. Once more is no error: it waits for the replicas again.
   * @throws KeyRefusal `key/not-found`.
   */
  async revoke(maker: Maker, id: string): Promise<{ view: KeyView } & Effective> {
    const now = this.#options.now();
    let found: KeyEntry | undefined;
    const version = await this.#change(async (tx, next) => {
      const { entry } = await this.#find(tx, maker, id);
      found = entry;
      await insertRevocation(tx, { id, now, until: null, version: next });
    });
    if (found === undefined) throw new Error("a transaction that did not run");
    return {
      view: viewOf(found.record, found, Number.NEGATIVE_INFINITY, now),
      ...(await this.#settled(version)),
    };
  }

  /** Every key of a tenant, or of everybody where `tenant` is undefined, oldest first. */
  async list(tenant: string | undefined): Promise<readonly KeyView[]> {
    await this.#options.keyring.check();
    // An empty list would look like the truth.
    if (!this.#options.keyring.fresh()) throw new Error("the keys could not be confirmed");
    const keyring = this.#options.keyring.current();
    const now = this.#options.now();
    return [...keyring.entries()]
      .filter(({ record }) => tenant === undefined || record.tenant === tenant)
      .map((entry) => viewOf(entry.record, entry, keyring.revokedFrom(entry.record.id), now))
      .sort(byAge);
  }

  /** A key that this maker may see; another tenant's is as unknown to a bound maker as one that does not exist. */
  async #find(tx: Queries, maker: Maker, id: string): Promise<{ entry: KeyEntry; refusedFromMs: number | undefined }> {
    const ofFile = this.#options.keyring.current().find(id);
    const stored = await storedKey(tx, id, this.#roles);
    const entry = ofFile?.source === "deployment" ? ofFile : stored.entry;
    if (entry === undefined || (maker.tenant !== null && entry.record.tenant !== maker.tenant)) {
      throw new KeyRefusal("key/not-found", "no key with this id");
    }
    return { entry, refusedFromMs: stored.refusedFromMs };
  }

  async #change(work: (tx: Queries, version: number) => Promise<void>): Promise<number> {
    return this.#options.database.transaction(async (tx) => {
      const version = await nextKeyVersion(tx);
      await work(tx, version);
      await tx.query("select pg_notify('keys', $1)", [String(version)]);
      return version;
    });
  }

  /** Waits until every replica that may be serving requests has applied a version. The change is stored already. */
  async #settled(version: number): Promise<Effective> {
    const { database, keyring, nowMs, sleep = timer } = this.#options;
    const until = nowMs() + WAIT_MS;
    await keyring.check();
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(2 * pause, LAST_LOOK_MS)) {
      const behind = await replicasBehind(database, version).catch(() => undefined);
      if (behind?.length === 0) return { effective: "now" };
      if (nowMs() >= until) return { effective: "pending", replicasMissing: behind?.length ?? 1 };
      await sleep(pause);
    }
  }
}

async function insertKey(
  tx: Queries,
  { id, sha256, tenant, role, label, limits, created, expires }: ApiKeyRecord,
  version: number,
  { by, replaces }: { readonly by: string; readonly replaces: string | null },
): Promise<void> {
  await tx.query(
    `insert into api_keys (id, sha256, tenant, role, label, limits, created, expires, created_by, replaces, version)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11)`,
    [id, sha256, tenant, role, label, JSON.stringify(limits), created, expires, by, replaces, version],
  );
}

async function insertRevocation(
  tx: Queries,
  { id, now, until, version }: { id: string; now: Date; until: Date | null; version: number },
): Promise<void> {
  await tx.query(
    `insert into key_revocations (id, revoked, until, version) values ($1, $2, $3, $4)
     on conflict (id) do update set until = excluded.until, version = excluded.version`,
    [id, now.toISOString(), until?.toISOString() ?? null, version],
  );
}

function dateOf(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso);
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
