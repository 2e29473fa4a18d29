import { ensurePostgres } from "../support/postgres.ts";

/** Every test file of this layer starts a server of its own; here it is only installed. */
export async function setup(): Promise<void> {
  await ensurePostgres();
}
