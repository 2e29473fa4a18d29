// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link Subnet}. */
export interface SubnetArgs {
  readonly name: Input<string>;
  readonly vpcId: Input<string>;
  readonly cidrBlock: Input<string>;
  readonly availabilityZone: Input<string>;
  readonly routeTableId?: Input<string>;
  readonly isMulticast?: Input<boolean>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_subnet` of the Terraform provider, with the arguments that the kit uses. */
export class Subnet extends CustomResource {
  constructor(name: string, args: SubnetArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/subnet:Subnet", name, { ...args }, opts, false, tencentPackage());
  }
}
