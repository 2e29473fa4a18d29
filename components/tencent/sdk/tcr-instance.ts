// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link TcrInstance}. */
export interface TcrInstanceArgs {
  readonly name: Input<string>;
  readonly instanceType: Input<string>;
  readonly openPublicOperation?: Input<boolean>;
  readonly deleteBucket?: Input<boolean>;
  readonly deletionProtection?: Input<boolean>;
  readonly enableCosVersioning?: Input<boolean>;
  readonly registryChargeType?: Input<number>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_tcr_instance` of the Terraform provider, with the arguments that the kit uses. */
export class TcrInstance extends CustomResource {
  declare readonly internalEndPoint: Output<string>;
  declare readonly publicDomain: Output<string>;
  declare readonly status: Output<string>;

  constructor(name: string, args: TcrInstanceArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, internalEndPoint: undefined, publicDomain: undefined, status: undefined };
    super("tencentcloud:index/tcrInstance:TcrInstance", name, inputs, opts, false, tencentPackage());
  }
}
