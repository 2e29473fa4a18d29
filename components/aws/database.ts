import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { AdminPassword } from "../admin-password.ts";
import { databaseUsers } from "../agents/database-users.ts";
import { Component } from "../component.ts";
import { POSTGRES_PORT } from "../names.ts";
import type { CreatedDatabase, Database, Platform } from "../platform.ts";
import { kept, slow } from "../resource-options.ts";
import type { Cluster } from "./cluster.ts";
import { type AwsContext, backedUp, named, tagged } from "./context.ts";
import { databaseAuthority } from "./database-authority.ts";
import { instanceClass } from "./database-class.ts";
import type { Keys } from "./keys.ts";
import type { Logs } from "./logs.ts";
import type { Network } from "./network.ts";

/** Major version; minor ones follow by themselves in the maintenance window. */
const MAJOR = "17";
const DATABASE = "breakwater";
const ADMIN = "breakwater_admin";
/** The least that RDS gives of gp3 to PostgreSQL, and the most days that its own backups reach back. API reference, remembered. */
const MIN_STORAGE_GIB = 20;
const MAX_BACKUP_DAYS = 35;

/** What the database needs of the platform. */
export interface ManagedDatabaseArgs {
  readonly network: Network;
  readonly keys: Keys;
  readonly logs: Logs;
  readonly cluster: Cluster;
  readonly platform: Pick<Platform, "image" | "secretFiles" | "placement" | "dns">;
}

/** RDS for PostgreSQL; made when the agents ask for it, in the network of the platform. */
export function managedDatabase(
  context: AwsContext,
  args: ManagedDatabaseArgs,
  own: ComponentResourceOptions,
): Database {
  const peers = args.network.cidrs("data").map((cidr) => ({ ipBlock: { cidr } }));
  const authority = databaseAuthority(context.demand.region);
  return {
    port: POSTGRES_PORT,
    name: DATABASE,
    peers,
    authority,
    create: (name, { storageGiB }, opts) =>
      new ManagedDatabase(name, context, { ...args, storageGiB, authority, peers }, { ...opts, ...own }).created,
  };
}

/**
 * PostgreSQL of front door and model router: in the data subnets, reached from the cluster over TLS only, encrypted with
 * the customer's key, with a standby in another zone where the environment has one. What the engine's state holds of
 * the administrator's password opens nothing once the users are made.
 *
 * Children: AdminPassword, SubnetGroup, ParameterGroup, SecurityGroup and its rule, `${name}` (Instance), and the Job that
 * makes the users. Cost: the class by the hour, 0.115 USD a GB and month, 0.23 with a standby (us-east-1, 2026-05-03).
 * Checked by: test/unit/components/aws/data.test.ts.
 */
class ManagedDatabase extends Component {
  readonly created: CreatedDatabase;

  constructor(
    name: string,
    context: AwsContext,
    args: ManagedDatabaseArgs & {
      readonly storageGiB: number;
      readonly authority: NonNullable<Database["authority"]>;
      readonly peers: Database["peers"];
    },
    opts: ComponentResourceOptions,
  ) {
    super("breakwater:aws:ManagedDatabase", name, opts);
    const admin = new AdminPassword(name, this.child());
    const instance = this.#instance(name, context, { ...args, password: admin.password });
    const ready = databaseUsers(
      `${name}-users`,
      {
        platform: args.platform,
        host: instance.address,
        port: POSTGRES_PORT,
        database: DATABASE,
        admin: ADMIN,
        password: admin.password,
        authority: args.authority,
        peers: args.peers,
      },
      { parent: this, dependsOn: [instance] },
    );
    this.created = { ready, host: instance.address };
    this.registerOutputs();
  }

  #instance(
    name: string,
    context: AwsContext,
    {
      network,
      keys,
      logs,
      storageGiB,
      cluster,
      password,
    }: ManagedDatabaseArgs & {
      readonly storageGiB: number;
      readonly password: AdminPassword["password"];
    },
  ): Instance {
    const { demand } = context;
    const label = named(context, "database", "database");
    const tags = tagged(context, label);
    const subnets = new SubnetGroup(name, { name: label, subnetIds: network.subnetIds("data"), tags }, this.child());
    const parameters = new ParameterGroup(
      name,
      { name: label, family: `postgres${MAJOR}`, parameters: [...PARAMETERS], tags },
      this.child(),
    );
    const group = this.#securityGroup(name, context, { network, cluster });
    return new Instance(
      name,
      {
        identifier: label,
        engine: "postgres",
        engineVersion: MAJOR,
        autoMinorVersionUpgrade: true,
        instanceClass: instanceClass(demand),
        dbName: DATABASE,
        username: ADMIN,
        password,
        port: POSTGRES_PORT,
        allocatedStorage: Math.max(MIN_STORAGE_GIB, storageGiB),
        storageType: "gp3",
        storageEncrypted: true,
        kmsKeyId: keys.of("database").arn,
        multiAz: demand.database.highAvailability,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [group.id],
        publiclyAccessible: false,
        parameterGroupName: parameters.name,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        backupRetentionPeriod: Math.min(MAX_BACKUP_DAYS, demand.database.backupDays),
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: false,
        deletionProtection: true,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: `${label}-final`,
        enabledCloudwatchLogsExports: ["postgresql"],
        performanceInsightsEnabled: false,
        tags: { ...tags, ...backedUp(context) },
      },
      {
        ...slow(kept(this.child(logs.group("database")))),
        // The Job takes it away; what is written here only made the account.
        ignoreChanges: ["password"],
      },
    );
  }

  #securityGroup(
    name: string,
    context: AwsContext,
    { network, cluster }: Pick<ManagedDatabaseArgs, "network" | "cluster">,
  ): SecurityGroup {
    const tags = tagged(context, named(context, "database", "database"));
    const group = new SecurityGroup(
      name,
      { vpcId: network.vpc.id, description: "PostgreSQL: from the cluster's nodes and pods", tags },
      this.child(),
    );
    new SecurityGroupIngressRule(
      name,
      {
        securityGroupId: group.id,
        description: "PostgreSQL from the cluster",
        ipProtocol: "tcp",
        fromPort: POSTGRES_PORT,
        toPort: POSTGRES_PORT,
        referencedSecurityGroupId: cluster.securityGroupId,
        tags: { ...context.tags },
      },
      this.child(),
    );
    return group;
  }
}

const PARAMETERS = [
  { name: "rds.force_ssl", value: "1" },
  { name: "ssl_min_protocol_version", value: "TLSv1.3", applyMethod: "immediate" },
  { name: "password_encryption", value: "scram-sha-256" },
  { name: "log_connections", value: "1" },
  { name: "log_disconnections", value: "1" },
] as const;
