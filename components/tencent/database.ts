import type { Input } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { AdminPassword } from "../admin-password.ts";
import { databaseUsers } from "../agents/database-users.ts";
import { Component } from "../component.ts";
import { POSTGRES_PORT } from "../names.ts";
import type { Database, Platform } from "../platform.ts";
import { kept } from "../resource-options.ts";
import { subnetsOf } from "../subnets.ts";
import { named, slow, type TencentContext } from "./context.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { PostgresAuditService } from "./sdk/postgres-audit-service.ts";
import { PostgresqlInstance } from "./sdk/postgresql-instance.ts";
import { PostgresqlInstanceSslConfig } from "./sdk/postgresql-instance-ssl-config.ts";
import type { Provider } from "./sdk/provider.ts";

const DATABASE = "breakwater";
const ADMINISTRATOR = "breakwater_admin";

/** The latest that the provider's page lists (10 to 16, read 2026-11-24). */
const MAJOR_VERSION = "16";

/** Storage is sold in steps, in GiB. */
const STORAGE_STEP_GIB = 10;

/** Days that the audit log of the database can be kept (PostgreSQL ModifyAuditService, remembered 2026-11-24). */
const AUDIT_DAYS = [7, 30, 90, 180, 365, 1095, 1825] as const;
/** Days of it that can be searched at once; the rest is colder and cheaper. */
const HOT_DAYS = 7;

/** What the database is made of and made for. */
export interface DatabaseArgs {
  /** Whoever makes it stands outside of the platform, where nothing is told the region. */
  readonly tencentcloud: Provider;
  readonly network: Network;
  readonly keys: Keys;
  readonly authority: Input<string>;
  readonly pods: Pick<Platform, "image" | "secretFiles" | "placement" | "dns">;
}

/** The managed PostgreSQL as the agents see it: made when they ask for it, within their namespace. */
export function managedDatabase(context: TencentContext, args: DatabaseArgs): Database {
  // Each zone's data subnet: after a switch of zones the address stays, but machines there differ.
  const peers = subnetsOf(context.demand.network.cidr).map(({ data }) => ({ ipBlock: { cidr: data } }));
  const { authority, pods } = args;
  return {
    port: POSTGRES_PORT,
    name: DATABASE,
    peers,
    authority,
    create: (name, { storageGiB }, opts) => {
      const instance = new ManagedPostgres(
        name,
        context,
        { ...args, storageGiB },
        { ...opts, providers: [args.tencentcloud] },
      );
      const access = { host: instance.host, port: POSTGRES_PORT, database: DATABASE, admin: ADMINISTRATOR, peers };
      const ready = databaseUsers(
        `${name}-users`,
        { ...access, platform: pods, password: instance.password, authority },
        { ...opts, dependsOn: [...dependenciesOf(opts), instance] },
      );
      return { ready, host: instance.host };
    },
  };
}

function dependenciesOf({ dependsOn }: ComponentResourceOptions) {
  if (dependsOn === undefined) return [];
  return Array.isArray(dependsOn) ? dependsOn : [dependsOn as never];
}

/** Steps of ten, upwards. */
export function storageOf(gib: number): number {
  return Math.ceil(gib / STORAGE_STEP_GIB) * STORAGE_STEP_GIB;
}

/** The shortest that is at least so long; the longest where none is. */
export function auditDaysOf(atLeast: number): number {
  return AUDIT_DAYS.find((days) => days >= atLeast) ?? AUDIT_DAYS[AUDIT_DAYS.length - 1] ?? 0;
}

/**
 * A managed PostgreSQL: data encrypted with the company's key (TDE), TLS with a certificate for its private address, no
 * public one, a backup every night, an audit log of its own, and with high availability a standby in a second zone.
 *
 * Children: `${name}-administrator` (AdminPassword), `${name}` (PostgresqlInstance, PostgresqlInstanceSslConfig,
 * PostgresAuditService). Cost: memory 0.052, 0.039 and 0.026 USD a GiB and hour in three steps, storage (undated page).
 * Checked by: test/unit/components/tencent/database.test.ts.
 */
class ManagedPostgres extends Component {
  readonly host: PostgresqlInstance["privateAccessIp"];
  readonly password: AdminPassword["password"];

  constructor(
    name: string,
    context: TencentContext,
    { network, keys, storageGiB }: Pick<DatabaseArgs, "network" | "keys"> & { readonly storageGiB: number },
    opts: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:ManagedPostgres", name, opts);
    const { demand, zones } = context;
    this.password = new AdminPassword(`${name}-administrator`, this.child()).password;
    const instance = new PostgresqlInstance(
      name,
      {
        name: named(context, "database", "database"),
        availabilityZone: zones[0],
        dbNodeSets: nodesOf(context),
        vpcId: network.vpc,
        subnetId: network.subnets("data")[0],
        securityGroups: [network.groups.database],
        publicAccessSwitch: false,
        dbMajorVersion: MAJOR_VERSION,
        cpu: demand.database.vcpus,
        memory: demand.database.memoryGiB,
        storage: storageOf(storageGiB),
        charset: "UTF8",
        chargeType: "POSTPAID_BY_HOUR",
        rootUser: ADMINISTRATOR,
        rootPassword: this.password,
        needSupportTde: 1,
        kmsKeyId: keys.of("database"),
        kmsRegion: demand.region,
        backupPlan: {
          backupPeriods: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
          baseBackupRetentionPeriod: demand.database.backupDays,
          // Night in China, in its own time.
          minBackupStartTime: "02:00:00",
          maxBackupStartTime: "06:00:00",
        },
        deleteProtection: true,
        tags: context.tags,
      },
      // The Job that makes the users locks the administrator out: another password here would change nothing there.
      { ...slow(kept(this.child())), ignoreChanges: ["rootPassword"] },
    );
    this.host = instance.privateAccessIp;
    new PostgresqlInstanceSslConfig(
      name,
      { dbInstanceId: instance.id, sslEnabled: true, connectAddress: instance.privateAccessIp },
      slow(this.child()),
    );
    new PostgresAuditService(
      name,
      {
        instanceId: instance.id,
        auditType: "simple",
        logExpireDay: auditDaysOf(demand.auditRetentionDays),
        hotLogExpireDay: HOT_DAYS,
      },
      slow(this.child()),
    );
    this.registerOutputs();
  }
}

/** Where its two machines stand: without high availability both in one zone. */
function nodesOf({ demand, zones }: TencentContext) {
  const standby = demand.database.highAvailability ? zones[1] : zones[0];
  return [
    { role: "Primary", zone: zones[0] },
    { role: "Standby", zone: standby },
  ];
}
