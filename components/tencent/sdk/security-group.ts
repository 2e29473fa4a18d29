// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link SecurityGroup}. */
export interface SecurityGroupArgs {
  readonly name: Input<string>;
  readonly description?: Input<string>;
  readonly projectId?: Input<number>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_security_group` of the Terraform provider, with the arguments that the kit uses. */
export class SecurityGroup extends CustomResource {
  constructor(name: string, args: SecurityGroupArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/securityGroup:SecurityGroup", name, { ...args }, opts, false, tencentPackage());
  }
}
