import type { CreatedDatabase, Database } from "../platform.ts";

/** File of the settings folder with the certificates that may have signed the database's own. */
const AUTHORITY_FILE = "database-ca.pem";

/** Where a service finds that file, for its settings. @param secrets folder of its mounted secrets, with the environment's own. */
export function authorityPath({ authority }: Pick<Database, "authority">, secrets: string): string {
  return authority === "own" ? `${secrets}/authority.crt` : `/etc/breakwater/${AUTHORITY_FILE}`;
}

/** Files of a service that uses the database: its settings with the host that only the made database knows. */
export function settingsFiles(
  settings: Readonly<{ database: object }>,
  { authority }: Database,
  { host }: CreatedDatabase,
): Record<string, unknown> {
  return {
    "settings.json": { ...settings, database: { ...settings.database, host } },
    ...(authority === "own" ? {} : { [AUTHORITY_FILE]: authority }),
  };
}
