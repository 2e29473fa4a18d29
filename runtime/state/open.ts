import type { DatabaseSettings } from "../settings/services.ts";
import type { Database, DatabaseDeps } from "./database.ts";
import { openPglite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";

/**
 * The database of a service. With PostgreSQL nothing is connected yet: {@link migrate} and {@link requireSchema} wait
 * for the server.
 *
 * @throws ProblemError `secrets/unreadable` for the file of the authority, `state/in-use` or `state/no-pglite` for PGlite.
 */
export async function openDatabase(
  settings: DatabaseSettings,
  deps: DatabaseDeps = { notify: () => {} },
): Promise<Database> {
  return settings.kind === "postgres" ? openPostgres(settings, deps) : openPglite(settings);
}
