// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link ClsCosShipper}. */
export interface ClsCosShipperArgs {
  readonly shipperName: Input<string>;
  readonly topicId: Input<string>;
  readonly bucket: Input<string>;
  readonly prefix: Input<string>;
  readonly interval?: Input<number>;
  readonly maxSize?: Input<number>;
  readonly partition?: Input<string>;
}

/** `tencentcloud_cls_cos_shipper` of the Terraform provider, with the arguments that the kit uses. */
export class ClsCosShipper extends CustomResource {
  constructor(name: string, args: ClsCosShipperArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/clsCosShipper:ClsCosShipper", name, { ...args }, opts, false, tencentPackage());
  }
}
