import { Account } from "@pulumi/alicloud/rds/account.js";
import { BackupPolicy } from "@pulumi/alicloud/rds/backupPolicy.js";
import { Instance } from "@pulumi/alicloud/rds/instance.js";
import { type Input, secret } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, ProviderResource, Resource } from "@pulumi/pulumi/resource.js";
import { AdminPassword } from "../admin-password.ts";
import { databaseUsers } from "../agents/database-users.ts";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { POSTGRES_PORT } from "../names.ts";
import type { Database, Platform } from "../platform.ts";
import { kept, slow } from "../resource-options.ts";
import { type AlibabaContext, named } from "./context.ts";
import type { Keys } from "./keys.ts";
import { type Network, peersAt } from "./network.ts";

const DATABASE = "breakwater";
const ADMIN = "breakwater_admin";

/** RDS takes disks of 20 GiB and more, in steps of 5. */
const DISK = { minGiB: 20, stepGiB: 5 };
/** RDS keeps backups 7 to 730 days (@pulumi/alicloud 3.108.0, read 2026-11-24). */
const BACKUP = { minDays: 7, maxDays: 730 };

/** An instance class in its two forms: with a standby, and without. */
interface DatabaseClass {
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly standby: string;
  readonly alone: string;
}

const LARGEST: DatabaseClass = { vcpus: 16, memoryGiB: 64, standby: "pg.n4.16c.2m", alone: "pg.n4.16c.1m" };

/** Instance classes with ESSD, smallest first. Remembered; which a region sells is not verified. */
const CLASSES: readonly DatabaseClass[] = [
  { vcpus: 2, memoryGiB: 4, standby: "pg.n2.2c.2m", alone: "pg.n2.2c.1m" },
  { vcpus: 2, memoryGiB: 8, standby: "pg.n4.2c.2m", alone: "pg.n4.2c.1m" },
  { vcpus: 4, memoryGiB: 16, standby: "pg.n4.4c.2m", alone: "pg.n4.4c.1m" },
  { vcpus: 8, memoryGiB: 32, standby: "pg.n4.8c.2m", alone: "pg.n4.8c.1m" },
  LARGEST,
];

/** What {@link managedDatabase} needs. */
export interface ManagedDatabaseArgs {
  readonly context: AlibabaContext;
  readonly network: Network;
  readonly keys: Keys;
  /** PEM certificates that sign those of ApsaraDB. */
  readonly authority: Input<string>;
  readonly platform: Pick<Platform, "image" | "secretFiles" | "placement" | "dns">;
  readonly alicloud: ProviderResource;
}

/** The PostgreSQL of front door and model router as RDS runs it. */
export function managedDatabase(args: ManagedDatabaseArgs): Database {
  const peers = peersAt(args.context.zones.map(({ data }) => data));
  return {
    port: POSTGRES_PORT,
    name: DATABASE,
    peers,
    authority: args.authority,
    create: (name, { storageGiB }, opts) => {
      const made = new ManagedDatabase(name, { ...args, storageGiB }, { ...opts, providers: [args.alicloud] });
      return { ready: made.ready, host: made.instance.connectionString };
    },
  };
}

/**
 * RDS for PostgreSQL: in the network alone, reached by TLS from the nodes' vSwitches alone, encrypted with a customer key,
 * with a standby in another zone where asked for.
 *
 * Children: Instance, AdminPassword, Account, BackupPolicy, the Job that makes the users.
 * Cost: by the hour, no price known. Checked by: test/unit/components/alibaba/database.test.ts.
 */
class ManagedDatabase extends Component {
  readonly instance: Instance;
  readonly ready: Resource;

  constructor(name: string, args: ManagedDatabaseArgs & { storageGiB: number }, opts: ComponentResourceOptions) {
    super("breakwater:alibaba:ManagedDatabase", name, opts);
    const { context, platform, authority } = args;
    this.instance = new Instance(
      name,
      {
        ...placeOf(args),
        ...sizeOf(context.demand, args.storageGiB),
        ...accessOf(args),
        engine: "PostgreSQL",
        engineVersion: "17.0",
        instanceName: named(context, "database", "database"),
        instanceChargeType: "Postpaid",
        monitoringPeriod: 60,
        encryptionKey: args.keys.of("database").id,
        sqlCollectorStatus: "Enabled",
        parameters: PARAMETERS.map(([parameter, value]) => ({ name: parameter, value })),
        autoUpgradeMinorVersion: "Auto",
        // 02:00 to 03:00 of UTC+8.
        maintainTime: "18:00Z-19:00Z",
        deletionProtection: true,
        releasedKeepPolicy: "All",
        tags: context.tags,
      },
      kept(slow(this.child())),
    );
    this.#backups(name, context.demand);
    const admin = this.#admin(name);
    this.ready = databaseUsers(
      `${name}-users`,
      {
        platform,
        host: this.instance.connectionString,
        port: POSTGRES_PORT,
        database: DATABASE,
        admin: ADMIN,
        password: admin.password,
        authority,
        peers: peersAt(context.zones.map(({ data }) => data)),
      },
      { parent: this, dependsOn: [...dependencies(opts), admin.account] },
    );
    this.registerOutputs();
  }

  #backups(name: string, { database: { backupDays } }: Demand): void {
    const days = Math.min(BACKUP.maxDays, Math.max(BACKUP.minDays, backupDays));
    new BackupPolicy(
      name,
      {
        instanceId: this.instance.id,
        preferredBackupPeriods: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        preferredBackupTime: "19:00Z-20:00Z",
        backupRetentionPeriod: days,
        enableBackupLog: true,
        logBackupRetentionPeriod: days,
      },
      this.child(),
    );
  }

  /** The only kind of account that can make others; the Job makes the database and its users with it, then locks it out. */
  #admin(name: string) {
    const password = new AdminPassword(`${name}-admin`, this.child());
    const account = new Account(
      `${name}-admin`,
      {
        dbInstanceId: this.instance.id,
        accountName: ADMIN,
        accountPassword: secret(password.password),
        accountType: "Super",
        accountDescription: "Made the users of the platform, and was locked out then.",
      },
      { ...this.child(), ignoreChanges: ["accountPassword"], additionalSecretOutputs: ["accountPassword"] },
    );
    return { password: password.password, account };
  }
}

/** Passwords only as salted hashes; nothing of a statement's values in a log. */
const PARAMETERS = [
  ["password_encryption", "scram-sha-256"],
  ["log_connections", "on"],
  ["log_min_error_statement", "panic"],
] as const;

function placeOf({ context, network }: ManagedDatabaseArgs) {
  const [first, second] = context.zones;
  const at = { vpcId: network.vpc.id, zoneId: first.zone };
  const main = network.switchOf("data", first).id;
  if (!context.demand.database.highAvailability) return { ...at, category: "Basic", vswitchId: main };
  const both = main.apply((a) => network.switchOf("data", second).id.apply((b) => `${a},${b}`));
  return { ...at, category: "HighAvailability", zoneIdSlaveA: second.zone, vswitchId: both, haConfig: "Auto" };
}

function sizeOf({ database }: Demand, storageGiB: number) {
  const { vcpus, memoryGiB, highAvailability } = database;
  const found = CLASSES.find((size) => size.vcpus >= vcpus && size.memoryGiB >= memoryGiB) ?? LARGEST;
  return {
    instanceType: highAvailability ? found.standby : found.alone,
    dbInstanceStorageType: "cloud_essd",
    instanceStorage: diskGiB(storageGiB),
    storageAutoScale: "Enable",
    storageThreshold: 20,
    storageUpperBound: diskGiB(storageGiB) * 4,
  };
}

/** The disk that RDS sells for at least so many GiB. */
export function diskGiB(storageGiB: number): number {
  return Math.max(DISK.minGiB, Math.ceil(storageGiB / DISK.stepGiB) * DISK.stepGiB);
}

/**
 * Who comes in, and how. `forceEncryption` is for MySQL and SQL Server alone (@pulumi/alicloud 3.108.0, read 2026-11-24):
 * on PostgreSQL it is pg_hba.conf that knows no connection without TLS, because it has no line for one.
 */
function accessOf({ context: { zones } }: ManagedDatabaseArgs) {
  const from = zones.map(({ nodes }) => nodes);
  return {
    port: String(POSTGRES_PORT),
    securityIps: from,
    sslAction: "Open",
    caType: "aliyun",
    pgHbaConfs: from.map((address, index) => {
      const anybody = { database: "all", user: "all", method: "scram-sha-256" };
      return { type: "hostssl", priorityId: index + 1, address, ...anybody };
    }),
  };
}

function dependencies({ dependsOn = [] }: ComponentResourceOptions): readonly Resource[] {
  return (Array.isArray(dependsOn) ? dependsOn : [dependsOn]) as readonly Resource[];
}
