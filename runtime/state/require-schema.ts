import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { refuse } from "../problems/index.ts";
import type { Database } from "./database.ts";
import { appliedMigrations, type MigrateOptions, nextMigration } from "./migrate.ts";
import type { AppliedMigration } from "./migration.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { isUnreachable, whenReachable } from "./reachable.ts";

const PAUSE_MS = 500;
/** Codes of a table that is not there yet, and of one whose rights are not. */
const NO_TABLE = ["42P01", "42501"];

/**
 * Waits until another service has brought the schema to this version, for a service that may not migrate.
 *
 * @throws ProblemError `state/no-schema` when that has not happened in time, `state/newer-schema`,
 *   `state/changed-migration`, `state/unreachable` like `migrate`.
 */
export async function requireSchema(db: Database, options: MigrateOptions = {}): Promise<void> {
  const { waitMs = 60_000, migrations = MIGRATIONS } = options;
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    const applied = await whenReachable(Math.max(0, deadlineMs - performance.now()), () => appliedOrNone(db));
    if (nextMigration(applied, migrations) === undefined) return;
    if (performance.now() >= deadlineMs) {
      refuse({
        code: "state/no-schema",
        path: "database",
        got: `schema ${applied.at(-1)?.id ?? 0}`,
        expected: `schema ${migrations.length} within ${waitMs} ms`,
        remedy: "start the front door, which migrates the database",
      });
    }
    await sleep(PAUSE_MS);
  }
}

async function appliedOrNone(db: Database): Promise<readonly AppliedMigration[]> {
  try {
    return await appliedMigrations(db);
  } catch (error) {
    if (!isUnreachable(error) && error instanceof Error && "code" in error && NO_TABLE.includes(String(error.code))) {
      return [];
    }
    throw error;
  }
}
