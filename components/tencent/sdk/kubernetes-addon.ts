// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link KubernetesAddon}. */
export interface KubernetesAddonArgs {
  readonly clusterId: Input<string>;
  readonly addonName: Input<string>;
  readonly addonVersion?: Input<string>;
  readonly rawValues?: Input<string>;
}

/** `tencentcloud_kubernetes_addon` of the Terraform provider, with the arguments that the kit uses. */
export class KubernetesAddon extends CustomResource {
  declare readonly phase: Output<string>;
  declare readonly reason: Output<string>;

  constructor(name: string, args: KubernetesAddonArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, phase: undefined, reason: undefined };
    super("tencentcloud:index/kubernetesAddon:KubernetesAddon", name, inputs, opts, false, tencentPackage());
  }
}
