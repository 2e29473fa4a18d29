// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CfwNatInstance}. */
export interface CfwNatInstanceArgs {
  readonly name: Input<string>;
  readonly mode: Input<number>;
  readonly width: Input<number>;
  readonly zoneSets: Input<readonly Input<string>[]>;
  readonly natGwLists?: Input<readonly Input<string>[]>;
  readonly crossAZone?: Input<number>;
}

/** `tencentcloud_cfw_nat_instance` of the Terraform provider, with the arguments that the kit uses. */
export class CfwNatInstance extends CustomResource {
  constructor(name: string, args: CfwNatInstanceArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/cfwNatInstance:CfwNatInstance", name, { ...args }, opts, false, tencentPackage());
  }
}
