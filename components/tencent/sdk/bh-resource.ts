// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link BhResource}. */
export interface BhResourceArgs {
  readonly deployRegion: Input<string>;
  readonly deployZone: Input<string>;
  readonly vpcId: Input<string>;
  readonly vpcCidrBlock: Input<string>;
  readonly subnetId: Input<string>;
  readonly cidrBlock: Input<string>;
  readonly resourceEdition: Input<string>;
  readonly resourceNode: Input<number>;
  readonly payMode: Input<number>;
  readonly timeUnit: Input<string>;
  readonly timeSpan: Input<number>;
  readonly autoRenewFlag: Input<number>;
  readonly intranetAccess?: Input<number>;
  readonly externalAccess?: Input<number>;
}

/** `tencentcloud_bh_resource` of the Terraform provider, with the arguments that the kit uses. */
export class BhResource extends CustomResource {
  constructor(name: string, args: BhResourceArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/bhResource:BhResource", name, { ...args }, opts, false, tencentPackage());
  }
}
