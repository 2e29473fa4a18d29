import { timingSafeEqual } from "node:crypto";
import type { ApiKeyRecord, Limits } from "../settings/services.ts";
import { hashKey, KEY_LENGTH, keyId } from "./api-key.ts";
import { parseKeysFile } from "./keys-file.ts";
import { type PermissionSet, Roles } from "./permissions.ts";

/** Who sent a request, as far as its key proves it. One object for each key, however many requests it sends. */
export interface Principal {
  readonly keyId: string;
  /** Null: the key is bound to no tenant and must name one where one is needed. */
  readonly tenant: string | null;
  readonly role: string;
  /** What the key itself is limited to. */
  readonly limits: Limits;
  /** What its role may do. */
  readonly permissions: PermissionSet;
  /** ISO instant; null: never. */
  readonly expires: string | null;
}

/** Why a key was not accepted. Stable: part of the HTTP interface. */
export type AuthenticationFailure =
  | "identity/missing-key"
  | "identity/malformed-key"
  | "identity/unknown-key"
  | "identity/expired-key"
  | "identity/revoked-key"
  /** Whether a key was revoked cannot be known now: see `openKeyring`. */
  | "identity/unavailable";

export type Authentication =
  | { readonly principal: Principal; readonly failure?: never }
  | { readonly failure: AuthenticationFailure; readonly principal?: never };

/** One key that may be used, ready to be compared with what a request carries. */
export interface KeyEntry {
  readonly record: ApiKeyRecord;
  /** Where the key was made: by the deployment, in its file, or through the API, in the database. */
  readonly source: "deployment" | "api";
  /** Id of the key that this one took over from. */
  readonly replaces: string | null;
  /** The SHA-256 as 64 bytes of hex: what `crypto.hash` makes fastest. */
  readonly sha256: Buffer;
  /** Epoch milliseconds from which on it is refused; infinite: never. */
  readonly expiresMs: number;
  readonly accepted: { readonly principal: Principal };
}

const SCHEME = "Bearer ";
const NO_KEY_HASH = Buffer.alloc(64, "0", "latin1");
// Written and compared within one turn of the event loop; a buffer of its own for each request costs more than the hash.
const offered = Buffer.alloc(64);

const MISSING: Authentication = { failure: "identity/missing-key" };
const MALFORMED: Authentication = { failure: "identity/malformed-key" };
const UNKNOWN: Authentication = { failure: "identity/unknown-key" };
const REVOKED: Authentication = { failure: "identity/revoked-key" };
const EXPIRED: Authentication = { failure: "identity/expired-key" };
const UNAVAILABLE: Authentication = { failure: "identity/unavailable" };

/** The token of an `Authorization: Bearer ...` header; "" when there is none, undefined when the header is something else. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const text = authorization?.trim() ?? "";
  if (text === "") return "";
  const match = /^bearer(?:\s+(.*))?$/i.exec(text);
  return match === null ? undefined : (match[1] ?? "");
}

/** Prepares one key for {@link Keyring}. */
export function keyEntry(
  record: ApiKeyRecord,
  roles: Roles,
  from: Pick<KeyEntry, "source" | "replaces"> = { source: "deployment", replaces: null },
): KeyEntry {
  const { id, tenant, role, limits, expires } = record;
  const principal = { keyId: id, tenant, role, limits, permissions: roles.of(role), expires };
  return {
    record,
    ...from,
    sha256: Buffer.from(record.sha256, "latin1"),
    expiresMs: expires === null ? Number.POSITIVE_INFINITY : Date.parse(expires),
    accepted: { principal },
  };
}

/** What a {@link Keyring} knows besides the keys themselves. */
export interface KeyringOptions {
  /** @default none: every key may do nothing */
  readonly roles?: Roles;
  /** Key id -> epoch milliseconds from which on it is refused; `-Infinity`: at once, whatever the clock says. */
  readonly revocations?: ReadonlyMap<string, number>;
  /** False: no key is accepted. */
  readonly available?: boolean;
}

/** The keys and revocations as they stand at one moment, and who a request's key speaks for. Immutable. */
export class Keyring {
  /** Accepts no key at all: what stands in while a revocation may have been missed. */
  static readonly unavailable: Keyring = new Keyring([], { available: false });

  readonly #entries: ReadonlyMap<string, KeyEntry>;
  readonly #revocations: ReadonlyMap<string, number>;
  readonly #available: boolean;

  constructor(
    keys: readonly ApiKeyRecord[] | ReadonlyMap<string, KeyEntry>,
    { roles = new Roles([]), revocations = new Map(), available = true }: KeyringOptions = {},
  ) {
    this.#entries = Array.isArray(keys) ? entriesOf(keys, roles) : (keys as ReadonlyMap<string, KeyEntry>);
    this.#revocations = revocations;
    this.#available = available;
  }

  /** Reads a keys file. @throws ProblemError `identity/malformed-keys-file`. */
  static parse(text: string, path: string): Keyring {
    return new Keyring(parseKeysFile(text, path));
  }

  /** Decides who an `Authorization` header speaks for. The time taken does not depend on how much of a key is right. */
  authenticate(authorization: string | undefined, now: Date): Authentication {
    if (!this.#available) return UNAVAILABLE;
    if (authorization === undefined) return MISSING;
    const usual = authorization.length === SCHEME.length + KEY_LENGTH && authorization.startsWith(SCHEME);
    const token = usual ? authorization.slice(SCHEME.length) : bearerToken(authorization);
    if (token === "") return MISSING;
    const id = token === undefined ? undefined : keyId(token);
    if (token === undefined || id === undefined) return MALFORMED;
    const entry = this.#entries.get(id);
    offered.write(hashKey(token), "latin1");
    const same = timingSafeEqual(offered, entry === undefined ? NO_KEY_HASH : entry.sha256);
    if (entry === undefined || !same) return UNKNOWN;
    const nowMs = now.getTime();
    if (nowMs >= (this.#revocations.get(id) ?? Number.POSITIVE_INFINITY)) return REVOKED;
    return nowMs >= entry.expiresMs ? EXPIRED : entry.accepted;
  }

  /** A key by its id, revoked and expired ones included. */
  find(id: string): KeyEntry | undefined {
    return this.#entries.get(id);
  }

  /** Epoch milliseconds from which on a key is refused; undefined: it was not revoked. */
  revokedFrom(id: string): number | undefined {
    return this.#revocations.get(id);
  }

  /** All keys, in no order. */
  entries(): IterableIterator<KeyEntry> {
    return this.#entries.values();
  }
}

/** Records of one source, ready for a {@link Keyring}. */
export function entriesOf(records: readonly ApiKeyRecord[], roles: Roles): Map<string, KeyEntry> {
  return new Map(records.map((record) => [record.id, keyEntry(record, roles)]));
}
