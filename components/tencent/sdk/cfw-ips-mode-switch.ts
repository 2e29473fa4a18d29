// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CfwIpsModeSwitch}. */
export interface CfwIpsModeSwitchArgs {
  readonly mode?: Input<number>;
}

/** `tencentcloud_cfw_ips_mode_switch` of the Terraform provider, with the arguments that the kit uses. */
export class CfwIpsModeSwitch extends CustomResource {
  constructor(name: string, args: CfwIpsModeSwitchArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/cfwIpsModeSwitch:CfwIpsModeSwitch", name, { ...args }, opts, false, tencentPackage());
  }
}
