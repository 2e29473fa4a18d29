// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CfsAccessRule}. */
export interface CfsAccessRuleArgs {
  readonly accessGroupId: Input<string>;
  readonly authClientIp: Input<string>;
  readonly priority: Input<number>;
  readonly rwPermission?: Input<string>;
  readonly userPermission?: Input<string>;
}

/** `tencentcloud_cfs_access_rule` of the Terraform provider, with the arguments that the kit uses. */
export class CfsAccessRule extends CustomResource {
  constructor(name: string, args: CfsAccessRuleArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/cfsAccessRule:CfsAccessRule", name, { ...args }, opts, false, tencentPackage());
  }
}
