// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link ClbInstance}. */
export interface ClbInstanceArgs {
  readonly clbName: Input<string>;
  readonly networkType: Input<string>;
  readonly vpcId?: Input<string>;
  readonly subnetId?: Input<string>;
  readonly securityGroups?: Input<readonly Input<string>[]>;
  readonly deleteProtect?: Input<boolean>;
  readonly loadBalancerPassToTarget?: Input<boolean>;
  readonly internetChargeType?: Input<string>;
  readonly internetBandwidthMaxOut?: Input<number>;
  readonly logSetId?: Input<string>;
  readonly logTopicId?: Input<string>;
  readonly masterZoneId?: Input<string>;
  readonly slaveZoneId?: Input<string>;
  readonly slaType?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_clb_instance` of the Terraform provider, with the arguments that the kit uses. */
export class ClbInstance extends CustomResource {
  declare readonly clbVips: Output<string[]>;
  declare readonly domain: Output<string>;

  constructor(name: string, args: ClbInstanceArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, clbVips: undefined, domain: undefined };
    super("tencentcloud:index/clbInstance:ClbInstance", name, inputs, opts, false, tencentPackage());
  }
}
