// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `kms_configuration` of {@link KubernetesEncryptionProtectionArgs}. */
export interface KubernetesEncryptionProtectionKmsConfiguration {
  readonly keyId?: Input<string>;
  readonly kmsRegion?: Input<string>;
}

/** Arguments of {@link KubernetesEncryptionProtection}. */
export interface KubernetesEncryptionProtectionArgs {
  readonly clusterId: Input<string>;
  readonly kmsConfiguration: Input<KubernetesEncryptionProtectionKmsConfiguration>;
}

/** `tencentcloud_kubernetes_encryption_protection` of the Terraform provider, with the arguments that the kit uses. */
export class KubernetesEncryptionProtection extends CustomResource {
  declare readonly status: Output<string>;

  constructor(name: string, args: KubernetesEncryptionProtectionArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, status: undefined };
    super(
      "tencentcloud:index/kubernetesEncryptionProtection:KubernetesEncryptionProtection",
      name,
      inputs,
      opts,
      false,
      tencentPackage(),
    );
  }
}
