// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CfwNatPolicy}. */
export interface CfwNatPolicyArgs {
  readonly direction: Input<number>;
  readonly port: Input<string>;
  readonly protocol: Input<string>;
  readonly ruleAction: Input<string>;
  readonly sourceContent: Input<string>;
  readonly sourceType: Input<string>;
  readonly targetContent: Input<string>;
  readonly targetType: Input<string>;
  readonly description?: Input<string>;
  readonly enable?: Input<string>;
  readonly scope?: Input<string>;
}

/** `tencentcloud_cfw_nat_policy` of the Terraform provider, with the arguments that the kit uses. */
export class CfwNatPolicy extends CustomResource {
  declare readonly uuid: Output<number>;

  constructor(name: string, args: CfwNatPolicyArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, uuid: undefined };
    super("tencentcloud:index/cfwNatPolicy:CfwNatPolicy", name, inputs, opts, false, tencentPackage());
  }
}
