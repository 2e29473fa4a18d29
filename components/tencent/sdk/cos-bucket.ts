// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `rule` of {@link CosBucketObjectLockConfiguration}. */
export interface CosBucketObjectLockConfigurationRule {
  readonly days: Input<number>;
}

/** Block `object_lock_configuration` of {@link CosBucketArgs}. */
export interface CosBucketObjectLockConfiguration {
  readonly enabled: Input<boolean>;
  readonly rule?: Input<CosBucketObjectLockConfigurationRule>;
}

/** Arguments of {@link CosBucket}. */
export interface CosBucketArgs {
  readonly bucket: Input<string>;
  readonly acl?: Input<string>;
  readonly encryptionAlgorithm?: Input<string>;
  readonly kmsId?: Input<string>;
  readonly versioningEnable?: Input<boolean>;
  readonly multiAz?: Input<boolean>;
  readonly forceClean?: Input<boolean>;
  readonly objectLockConfiguration?: Input<CosBucketObjectLockConfiguration>;
  readonly logEnable?: Input<boolean>;
  readonly logPrefix?: Input<string>;
  readonly logTargetBucket?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_cos_bucket` of the Terraform provider, with the arguments that the kit uses. */
export class CosBucket extends CustomResource {
  declare readonly cosBucketUrl: Output<string>;

  constructor(name: string, args: CosBucketArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, cosBucketUrl: undefined };
    super("tencentcloud:index/cosBucket:CosBucket", name, inputs, opts, false, tencentPackage());
  }
}
