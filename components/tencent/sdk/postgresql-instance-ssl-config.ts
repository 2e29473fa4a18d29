// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link PostgresqlInstanceSslConfig}. */
export interface PostgresqlInstanceSslConfigArgs {
  readonly dbInstanceId: Input<string>;
  readonly sslEnabled: Input<boolean>;
  readonly connectAddress?: Input<string>;
}

/** `tencentcloud_postgresql_instance_ssl_config` of the Terraform provider, with the arguments that the kit uses. */
export class PostgresqlInstanceSslConfig extends CustomResource {
  declare readonly caUrl: Output<string>;

  constructor(name: string, args: PostgresqlInstanceSslConfigArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, caUrl: undefined };
    super(
      "tencentcloud:index/postgresqlInstanceSslConfig:PostgresqlInstanceSslConfig",
      name,
      inputs,
      opts,
      false,
      tencentPackage(),
    );
  }
}
