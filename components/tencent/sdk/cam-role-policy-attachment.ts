// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CamRolePolicyAttachment}. */
export interface CamRolePolicyAttachmentArgs {
  readonly roleId: Input<string>;
  readonly policyId: Input<string>;
}

/** `tencentcloud_cam_role_policy_attachment` of the Terraform provider, with the arguments that the kit uses. */
export class CamRolePolicyAttachment extends CustomResource {
  constructor(name: string, args: CamRolePolicyAttachmentArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/camRolePolicyAttachment:CamRolePolicyAttachment",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
