import { authorityPath } from "../components/agents/database-settings.ts";
import type { Database } from "../components/platform.ts";

/** What a platform says of its database before it exists. */
export type DatabaseAddress = Pick<Database, "port" | "name" | "authority">;

/** Where the made database puts the name of its host. */
const HOST_OF_THE_MADE_DATABASE = "database.invalid";

/** The database of one service as it reads it at start. `secrets`: folder of its mounted secrets. */
export function databaseSettings(
  database: DatabaseAddress,
  user: "front_door" | "router",
  { secrets, cipherSuites }: { readonly secrets: string; readonly cipherSuites: readonly string[] },
): unknown {
  const { port, name } = database;
  return {
    kind: "postgres",
    host: HOST_OF_THE_MADE_DATABASE,
    port,
    database: name,
    user,
    password_file: `${secrets}/postgres-password`,
    ca_file: authorityPath(database, secrets),
    // What a cloud's own database offers is not ours to say.
    ...(database.authority === "own" ? { cipher_suites: cipherSuites } : {}),
  };
}
