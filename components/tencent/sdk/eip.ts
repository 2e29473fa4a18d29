// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link Eip}. */
export interface EipArgs {
  readonly name?: Input<string>;
  readonly internetChargeType?: Input<string>;
  readonly internetMaxBandwidthOut?: Input<number>;
  readonly type?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_eip` of the Terraform provider, with the arguments that the kit uses. */
export class Eip extends CustomResource {
  declare readonly publicIp: Output<string>;

  constructor(name: string, args: EipArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, publicIp: undefined };
    super("tencentcloud:index/eip:Eip", name, inputs, opts, false, tencentPackage());
  }
}
