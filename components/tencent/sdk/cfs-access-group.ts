// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CfsAccessGroup}. */
export interface CfsAccessGroupArgs {
  readonly name: Input<string>;
  readonly description?: Input<string>;
}

/** `tencentcloud_cfs_access_group` of the Terraform provider, with the arguments that the kit uses. */
export class CfsAccessGroup extends CustomResource {
  constructor(name: string, args: CfsAccessGroupArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/cfsAccessGroup:CfsAccessGroup", name, { ...args }, opts, false, tencentPackage());
  }
}
