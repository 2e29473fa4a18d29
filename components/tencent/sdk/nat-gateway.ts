// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link NatGateway}. */
export interface NatGatewayArgs {
  readonly name: Input<string>;
  readonly vpcId: Input<string>;
  readonly assignedEipSets: Input<readonly Input<string>[]>;
  readonly natProductVersion?: Input<number>;
  readonly bandwidth?: Input<number>;
  readonly maxConcurrent?: Input<number>;
  readonly subnetId?: Input<string>;
  readonly zone?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_nat_gateway` of the Terraform provider, with the arguments that the kit uses. */
export class NatGateway extends CustomResource {
  constructor(name: string, args: NatGatewayArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/natGateway:NatGateway", name, { ...args }, opts, false, tencentPackage());
  }
}
