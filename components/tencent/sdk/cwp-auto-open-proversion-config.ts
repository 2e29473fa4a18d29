// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CwpAutoOpenProversionConfig}. */
export interface CwpAutoOpenProversionConfigArgs {
  readonly status: Input<string>;
  readonly protectType?: Input<string>;
  readonly autoRepurchaseSwitch?: Input<number>;
}

/** `tencentcloud_cwp_auto_open_proversion_config` of the Terraform provider, with the arguments that the kit uses. */
export class CwpAutoOpenProversionConfig extends CustomResource {
  constructor(name: string, args: CwpAutoOpenProversionConfigArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/cwpAutoOpenProversionConfig:CwpAutoOpenProversionConfig",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
