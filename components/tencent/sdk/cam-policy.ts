// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CamPolicy}. */
export interface CamPolicyArgs {
  readonly name: Input<string>;
  readonly document: Input<string>;
  readonly description?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_cam_policy` of the Terraform provider, with the arguments that the kit uses. */
export class CamPolicy extends CustomResource {
  constructor(name: string, args: CamPolicyArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/camPolicy:CamPolicy", name, { ...args }, opts, false, tencentPackage());
  }
}
