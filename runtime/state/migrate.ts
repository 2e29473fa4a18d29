import { type Problem, ProblemError, refuse } from "../problems/index.ts";
import type { Database, Queries } from "./database.ts";
import { GRANTS } from "./grants.ts";
import { type AppliedMigration, checksum, type Migration } from "./migration.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { whenReachable } from "./reachable.ts";

/** Any number will do, as long as every migrator takes the same. */
const LOCK = 7_306_092_401;
/** A step may rewrite a large table, or wait for a replica that does. */
const TIMEOUT_MS = 600_000;

/** What may be set for a start; tests set both. */
export interface MigrateOptions {
  /** How long an unreachable server is waited for. @default 60 s */
  readonly waitMs?: number;
  /** @default all steps of this version */
  readonly migrations?: readonly Migration[];
}

/**
 * Brings the schema to this version, forward only, one transaction a step. Replicas that start together wait for each
 * other. Rights of the database user `router` are set again every time, because a user may be made after the tables.
 *
 * @throws ProblemError `state/newer-schema` when a newer version was here, `state/changed-migration` when a step is not
 *   the one that ran, `state/unreachable` when no server answers in time.
 */
export async function migrate(db: Database, options: MigrateOptions = {}): Promise<void> {
  const { waitMs = 60_000, migrations = MIGRATIONS } = options;
  await whenReachable(waitMs, () => db.query("SELECT 1"));
  while (await db.transaction((tx) => step(tx, migrations), TIMEOUT_MS));
  await db.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    for (const statement of GRANTS) await tx.query(statement);
  }, TIMEOUT_MS);
}

/** Runs the first step that is missing. @returns whether there was one. */
async function step(tx: Queries, migrations: readonly Migration[]): Promise<boolean> {
  await tx.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
  await tx.query(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
      id int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now())`,
  );
  const next = nextMigration(await appliedMigrations(tx), migrations);
  if (next === undefined) return false;
  for (const statement of next.statements) await tx.query(statement);
  const row = [next.id, next.name, checksum(next)];
  await tx.query("INSERT INTO schema_migrations (id, name, checksum) VALUES ($1, $2, $3)", row);
  return true;
}

/** What ran here, in order. */
export function appliedMigrations(db: Queries): Promise<readonly AppliedMigration[]> {
  return db.query<AppliedMigration>("SELECT id, name, checksum FROM schema_migrations ORDER BY id");
}

/**
 * The step to run next, undefined when all have run.
 * @throws ProblemError `state/newer-schema`, `state/changed-migration`
 */
export function nextMigration(
  applied: readonly AppliedMigration[],
  migrations: readonly Migration[],
): Migration | undefined {
  const newest = applied.at(-1);
  if (newest !== undefined && newest.id > migrations.length) {
    refuse({
      code: "state/newer-schema",
      path: "database",
      got: `schema ${newest.id} (${newest.name})`,
      expected: `at most schema ${migrations.length}`,
      remedy: "run the version that made it, or restore a backup from before",
    });
  }
  const changed = applied.flatMap((row): Problem[] => {
    const ours = migrations[row.id - 1];
    if (ours !== undefined && checksum(ours) === row.checksum) return [];
    return [
      {
        code: "state/changed-migration",
        path: `schema_migrations[${row.id}]`,
        got: `${row.name} as it is not in this version`,
        expected: ours?.name ?? "no such step",
        remedy: "run a released version; a step that ran must not change",
      },
    ];
  });
  const [first, ...rest] = changed;
  if (first !== undefined) throw new ProblemError([first, ...rest]);
  return migrations[applied.length];
}
