import { z } from "zod";
import { Limits } from "../settings/services.ts";
import type { Queries } from "../state/index.ts";
import { type KeyEntry, keyEntry } from "./keyring.ts";
import type { Roles } from "./permissions.ts";

/** What is newer in the database than a version that was read before. */
export interface KeyChanges {
  readonly keys: readonly KeyEntry[];
  /** Key id -> epoch milliseconds from which on it is refused; `-Infinity`: at once. */
  readonly revocations: ReadonlyMap<string, number>;
}

const instant = z.coerce.date().transform((date) => date.toISOString());

const KeyRow = z.object({
  id: z.string(),
  sha256: z.string(),
  tenant: z.string().nullable(),
  role: z.string(),
  label: z.string().nullable(),
  limits: Limits,
  created: instant,
  expires: z.union([z.null(), instant]),
  replaces: z.string().nullable(),
});

const RevocationRow = z.object({ id: z.string(), until: z.union([z.null(), z.coerce.date()]) });

/** Counts every change of a key; a replica that has applied a version has applied all that came before. */
export async function keyVersion(db: Queries): Promise<number> {
  const [row] = await db.query<{ version: string | number }>("select version from key_version");
  return Number(row?.version ?? Number.NaN);
}

/**
 * Starts a change of keys: the row stays locked until the transaction ends, so versions become visible in their order.
 * To be called first in the transaction: whatever it reads afterwards no other change of keys can alter any more.
 */
export async function nextKeyVersion(tx: Queries): Promise<number> {
  const [row] = await tx.query<{ version: string | number }>(
    "update key_version set version = version + 1 returning version",
  );
  return Number(row?.version ?? Number.NaN);
}

/** One key as the database has it, and from when on it is refused; both undefined where it knows nothing. */
export async function storedKey(
  tx: Queries,
  id: string,
  roles: Roles,
): Promise<{ entry: KeyEntry | undefined; refusedFromMs: number | undefined }> {
  const [key] = await tx.query<object>(`${SELECT_KEYS} where id = $1`, [id]);
  const [revocation] = await tx.query<object>(`${SELECT_REVOCATIONS} where id = $1`, [id]);
  return {
    entry: key === undefined ? undefined : entryOf(key, roles),
    refusedFromMs: revocation === undefined ? undefined : refusalOf(revocation)[1],
  };
}

/** Reads what was changed after `version`; -1 reads everything. A row that cannot be understood fails the reading. */
export async function changesSince(db: Queries, version: number, roles: Roles): Promise<KeyChanges> {
  const keys = await db.query<object>(`${SELECT_KEYS} where version > $1`, [version]);
  const revocations = await db.query<object>(`${SELECT_REVOCATIONS} where version > $1`, [version]);
  return { keys: keys.map((row) => entryOf(row, roles)), revocations: new Map(revocations.map(refusalOf)) };
}

const SELECT_KEYS = "select id, sha256, tenant, role, label, limits, created, expires, replaces from api_keys";
const SELECT_REVOCATIONS = "select id, until from key_revocations";

function refusalOf(row: object): [id: string, refusedFromMs: number] {
  const { id, until } = RevocationRow.parse(row);
  return [id, until === null ? Number.NEGATIVE_INFINITY : until.getTime()];
}

function entryOf(row: object, roles: Roles): KeyEntry {
  const { replaces, ...record } = KeyRow.parse(row);
  return keyEntry(record, roles, { source: "api", replaces });
}
