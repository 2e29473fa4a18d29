// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CosBucketPolicy}. */
export interface CosBucketPolicyArgs {
  readonly bucket: Input<string>;
  readonly policy: Input<string>;
}

/** `tencentcloud_cos_bucket_policy` of the Terraform provider, with the arguments that the kit uses. */
export class CosBucketPolicy extends CustomResource {
  constructor(name: string, args: CosBucketPolicyArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/cosBucketPolicy:CosBucketPolicy", name, { ...args }, opts, false, tencentPackage());
  }
}
