// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link WafClbInstance}. */
export interface WafClbInstanceArgs {
  readonly goodsCategory: Input<string>;
  readonly instanceName?: Input<string>;
  readonly timeSpan?: Input<number>;
  readonly timeUnit?: Input<string>;
  readonly autoRenewFlag?: Input<number>;
  readonly elasticMode?: Input<number>;
  readonly qpsLimit?: Input<number>;
  readonly botManagement?: Input<number>;
  readonly apiSecurity?: Input<number>;
}

/** `tencentcloud_waf_clb_instance` of the Terraform provider, with the arguments that the kit uses. */
export class WafClbInstance extends CustomResource {
  declare readonly instanceId: Output<string>;

  constructor(name: string, args: WafClbInstanceArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, instanceId: undefined };
    super("tencentcloud:index/wafClbInstance:WafClbInstance", name, inputs, opts, false, tencentPackage());
  }
}
