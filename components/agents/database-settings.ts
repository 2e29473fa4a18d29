import type { CreatedDatabase, Database } from "../platform.ts";

/** File of the settings folder with the certificates that may have signed the database's own. */
const AUTHORITY_FILE = "database-ca.pem";

/** Where a service finds that file, for its settings; undefined where the connection is not encrypted. */
export function authorityPath({ authority }: Pick<Database, "authority">): string | undefined {
  return authority === undefined ? undefined : `/etc/breakwater/${AUTHORITY_FILE}`;
}

/** Files of a service that uses the database: its settings with the host that only the made database knows. */
export function settingsFiles(
  settings: Readonly<{ database: object }>,
  { authority }: Database,
  { host }: CreatedDatabase,
): Record<string, unknown> {
  return {
    "settings.json": { ...settings, database: { ...settings.database, host } },
    ...(authority === undefined ? {} : { [AUTHORITY_FILE]: authority }),
  };
}
