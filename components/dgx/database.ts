import { inClusterDatabase, type PostgresPlatform } from "../agents/postgres.ts";
import type { Demand } from "../demand.ts";
import type { Database } from "../platform.ts";
import { Backup, type BackupPlatform } from "./backup.ts";

/** PostgreSQL in the cluster, one server, with a dump a day beside it. */
export function databaseWithBackup(
  platform: PostgresPlatform & BackupPlatform,
  { backupDays }: Demand["database"],
): Database {
  const database = inClusterDatabase(platform);
  return {
    ...database,
    create: (name, args, opts) => {
      const created = database.create(name, args, opts);
      new Backup(
        "backup",
        { platform, database, host: created.host, storageGiB: args.storageGiB, keptDays: backupDays },
        { ...opts, dependsOn: [created.ready] },
      );
      return created;
    },
  };
}
