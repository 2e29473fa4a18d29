// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link ClbCustomizedConfig}. */
export interface ClbCustomizedConfigArgs {
  readonly configName: Input<string>;
  readonly configContent: Input<string>;
  readonly loadBalancerIds?: Input<readonly Input<string>[]>;
}

/** `tencentcloud_clb_customized_config` of the Terraform provider, with the arguments that the kit uses. */
export class ClbCustomizedConfig extends CustomResource {
  constructor(name: string, args: ClbCustomizedConfigArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/clbCustomizedConfig:ClbCustomizedConfig",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
