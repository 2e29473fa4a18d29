// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link KmsKey}. */
export interface KmsKeyArgs {
  readonly alias: Input<string>;
  readonly description?: Input<string>;
  readonly keyUsage?: Input<string>;
  readonly isEnabled?: Input<boolean>;
  readonly keyRotationEnabled?: Input<boolean>;
  readonly pendingDeleteWindowInDays?: Input<number>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_kms_key` of the Terraform provider, with the arguments that the kit uses. */
export class KmsKey extends CustomResource {
  constructor(name: string, args: KmsKeyArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/kmsKey:KmsKey", name, { ...args }, opts, false, tencentPackage());
  }
}
