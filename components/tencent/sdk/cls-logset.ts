// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link ClsLogset}. */
export interface ClsLogsetArgs {
  readonly logsetName: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_cls_logset` of the Terraform provider, with the arguments that the kit uses. */
export class ClsLogset extends CustomResource {
  constructor(name: string, args: ClsLogsetArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/clsLogset:ClsLogset", name, { ...args }, opts, false, tencentPackage());
  }
}
