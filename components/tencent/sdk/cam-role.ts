// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CamRole}. */
export interface CamRoleArgs {
  readonly name: Input<string>;
  readonly document: Input<string>;
  readonly description?: Input<string>;
  readonly consoleLogin?: Input<boolean>;
  readonly sessionDuration?: Input<number>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_cam_role` of the Terraform provider, with the arguments that the kit uses. */
export class CamRole extends CustomResource {
  constructor(name: string, args: CamRoleArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/camRole:CamRole", name, { ...args }, opts, false, tencentPackage());
  }
}
