import type { Queries } from "../state/index.ts";

/**
 * A replica that was not seen for so long is not waited for. Longer than a replica trusts keys that it could not confirm
 * ({@link TRUST_MS}), so that whoever is not waited for refuses every key by then.
 */
export const SEEN_SECONDS = 15;

/** How long a replica trusts its keys after it last learnt from the database that they are the newest. */
export const TRUST_MS = 10_000;

const KIND = "front-door";

/** Says that a replica lives and which version of the keys it serves. `seen` is the database's clock, not the replica's. */
export async function reportReplica(db: Queries, name: string, version: number): Promise<void> {
  await db.query(
    `insert into replicas (name, kind, seen, keys_version) values ($1, $2, now(), $3)
     on conflict (name) do update set kind = excluded.kind, seen = excluded.seen, keys_version = excluded.keys_version`,
    [name, KIND, version],
  );
}

/** A replica that stopped in order is waited for no longer. */
export async function removeReplica(db: Queries, name: string): Promise<void> {
  await db.query("delete from replicas where name = $1 and kind = $2", [name, KIND]);
}

/** Replicas that may still serve keys older than `version`. */
export async function replicasBehind(db: Queries, version: number): Promise<readonly string[]> {
  const rows = await db.query<{ name: string }>(
    `select name from replicas
     where kind = $1 and keys_version < $2 and seen > now() - make_interval(secs => $3) order by name`,
    [KIND, version, SEEN_SECONDS],
  );
  return rows.map(({ name }) => name);
}
