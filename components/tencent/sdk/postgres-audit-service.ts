// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link PostgresAuditService}. */
export interface PostgresAuditServiceArgs {
  readonly instanceId: Input<string>;
  readonly auditType: Input<string>;
  readonly logExpireDay: Input<number>;
  readonly hotLogExpireDay: Input<number>;
}

/** `tencentcloud_postgres_audit_service` of the Terraform provider, with the arguments that the kit uses. */
export class PostgresAuditService extends CustomResource {
  constructor(name: string, args: PostgresAuditServiceArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/postgresAuditService:PostgresAuditService",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
