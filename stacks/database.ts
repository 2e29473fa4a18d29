import type { Database } from "../components/platform.ts";

/** Where the database answers, as a platform offers it. */
export type DatabaseAddress = Pick<Database, "host" | "port" | "name">;

/** The database of one service as it reads it at start. @param secrets folder of its mounted secrets. */
export function databaseSettings(
  { host, port, name }: DatabaseAddress,
  user: "front_door" | "router",
  secrets: string,
): unknown {
  return { kind: "postgres", host, port, database: name, user, password_file: `${secrets}/postgres-password` };
}
