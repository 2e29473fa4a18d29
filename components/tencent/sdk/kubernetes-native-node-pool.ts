// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `system_disk` of {@link KubernetesNativeNodePoolNative}. */
export interface KubernetesNativeNodePoolNativeSystemDisk {
  readonly diskType: Input<string>;
  readonly diskSize: Input<number>;
  readonly encrypt?: Input<string>;
  readonly kmsKeyId?: Input<string>;
}

/** Block `data_disks` of {@link KubernetesNativeNodePoolNative}. */
export interface KubernetesNativeNodePoolNativeDataDisks {
  readonly diskType: Input<string>;
  readonly diskSize: Input<number>;
  readonly autoFormatAndMount: Input<boolean>;
  readonly fileSystem?: Input<string>;
  readonly mountTarget?: Input<string>;
  readonly encrypt?: Input<string>;
  readonly kmsKeyId?: Input<string>;
}

/** Block `scaling` of {@link KubernetesNativeNodePoolNative}. */
export interface KubernetesNativeNodePoolNativeScaling {
  readonly minReplicas?: Input<number>;
  readonly maxReplicas?: Input<number>;
  readonly createPolicy?: Input<string>;
}

/** Block `lifecycle` of {@link KubernetesNativeNodePoolNative}. */
export interface KubernetesNativeNodePoolNativeLifecycle {
  readonly preInit?: Input<string>;
  readonly postInit?: Input<string>;
}

/** Block `native` of {@link KubernetesNativeNodePoolArgs}. */
export interface KubernetesNativeNodePoolNative {
  readonly instanceChargeType: Input<string>;
  readonly instanceTypes: Input<readonly Input<string>[]>;
  readonly securityGroupIds: Input<readonly Input<string>[]>;
  readonly subnetIds: Input<readonly Input<string>[]>;
  readonly systemDisk: Input<KubernetesNativeNodePoolNativeSystemDisk>;
  readonly dataDisks?: Input<readonly Input<KubernetesNativeNodePoolNativeDataDisks>[]>;
  readonly scaling?: Input<KubernetesNativeNodePoolNativeScaling>;
  readonly enableAutoscaling?: Input<boolean>;
  readonly replicas?: Input<number>;
  readonly autoRepair?: Input<boolean>;
  readonly healthCheckPolicyName?: Input<string>;
  readonly lifecycle?: Input<KubernetesNativeNodePoolNativeLifecycle>;
  readonly runtimeRootDir?: Input<string>;
  readonly machineType?: Input<string>;
  readonly kubeletArgs?: Input<readonly Input<string>[]>;
}

/** Block `annotations` of {@link KubernetesNativeNodePoolArgs}. */
export interface KubernetesNativeNodePoolAnnotations {
  readonly name: Input<string>;
  readonly value: Input<string>;
}

/** Block `labels` of {@link KubernetesNativeNodePoolArgs}. */
export interface KubernetesNativeNodePoolLabels {
  readonly name: Input<string>;
  readonly value: Input<string>;
}

/** Block `taints` of {@link KubernetesNativeNodePoolArgs}. */
export interface KubernetesNativeNodePoolTaints {
  readonly key?: Input<string>;
  readonly value?: Input<string>;
  readonly effect?: Input<string>;
}

/** Block `tags` of {@link KubernetesNativeNodePoolTags}. */
export interface KubernetesNativeNodePoolTagsTags {
  readonly key?: Input<string>;
  readonly value?: Input<string>;
}

/** Block `tags` of {@link KubernetesNativeNodePoolArgs}. */
export interface KubernetesNativeNodePoolTags {
  readonly resourceType?: Input<string>;
  readonly tags?: Input<readonly Input<KubernetesNativeNodePoolTagsTags>[]>;
}

/** Arguments of {@link KubernetesNativeNodePool}. */
export interface KubernetesNativeNodePoolArgs {
  readonly clusterId: Input<string>;
  readonly name: Input<string>;
  readonly type: Input<string>;
  readonly native: Input<KubernetesNativeNodePoolNative>;
  readonly annotations?: Input<readonly Input<KubernetesNativeNodePoolAnnotations>[]>;
  readonly labels?: Input<readonly Input<KubernetesNativeNodePoolLabels>[]>;
  readonly taints?: Input<readonly Input<KubernetesNativeNodePoolTaints>[]>;
  readonly tags?: Input<readonly Input<KubernetesNativeNodePoolTags>[]>;
  readonly deletionProtection?: Input<boolean>;
  readonly unschedulable?: Input<boolean>;
}

/** `tencentcloud_kubernetes_native_node_pool` of the Terraform provider, with the arguments that the kit uses. */
export class KubernetesNativeNodePool extends CustomResource {
  declare readonly lifeState: Output<string>;

  constructor(name: string, args: KubernetesNativeNodePoolArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, lifeState: undefined };
    super(
      "tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool",
      name,
      inputs,
      opts,
      false,
      tencentPackage(),
    );
  }
}
