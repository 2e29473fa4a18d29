// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `db_node_set` of {@link PostgresqlInstanceArgs}. */
export interface PostgresqlInstanceDbNodeSet {
  readonly zone: Input<string>;
  readonly role?: Input<string>;
}

/** Block `backup_plan` of {@link PostgresqlInstanceArgs}. */
export interface PostgresqlInstanceBackupPlan {
  readonly backupPeriods?: Input<readonly Input<string>[]>;
  readonly baseBackupRetentionPeriod?: Input<number>;
  readonly minBackupStartTime?: Input<string>;
  readonly maxBackupStartTime?: Input<string>;
}

/** Arguments of {@link PostgresqlInstance}. */
export interface PostgresqlInstanceArgs {
  readonly name: Input<string>;
  readonly availabilityZone: Input<string>;
  readonly vpcId: Input<string>;
  readonly subnetId: Input<string>;
  readonly memory: Input<number>;
  readonly storage: Input<number>;
  readonly rootPassword: Input<string>;
  readonly rootUser?: Input<string>;
  readonly cpu?: Input<number>;
  readonly chargeType?: Input<string>;
  readonly charset?: Input<string>;
  readonly dbMajorVersion?: Input<string>;
  readonly dbNodeSets?: Input<readonly Input<PostgresqlInstanceDbNodeSet>[]>;
  readonly backupPlan?: Input<PostgresqlInstanceBackupPlan>;
  readonly deleteProtection?: Input<boolean>;
  readonly needSupportTde?: Input<number>;
  readonly kmsKeyId?: Input<string>;
  readonly kmsRegion?: Input<string>;
  readonly publicAccessSwitch?: Input<boolean>;
  readonly securityGroups?: Input<readonly Input<string>[]>;
  readonly waitSwitch?: Input<number>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_postgresql_instance` of the Terraform provider, with the arguments that the kit uses. */
export class PostgresqlInstance extends CustomResource {
  declare readonly privateAccessIp: Output<string>;
  declare readonly privateAccessPort: Output<number>;
  declare readonly uid: Output<number>;

  constructor(name: string, args: PostgresqlInstanceArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, privateAccessIp: undefined, privateAccessPort: undefined, uid: undefined };
    const secret = { additionalSecretOutputs: ["rootPassword"] };
    super(
      "tencentcloud:index/postgresqlInstance:PostgresqlInstance",
      name,
      inputs,
      { ...secret, ...opts },
      false,
      tencentPackage(),
    );
  }
}
