// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `components` of {@link KubernetesControlPlaneLogArgs}. */
export interface KubernetesControlPlaneLogComponents {
  readonly name: Input<string>;
  readonly logLevel?: Input<number>;
  readonly logSetId?: Input<string>;
  readonly topicId?: Input<string>;
  readonly topicRegion?: Input<string>;
}

/** Arguments of {@link KubernetesControlPlaneLog}. */
export interface KubernetesControlPlaneLogArgs {
  readonly clusterId: Input<string>;
  readonly clusterType: Input<string>;
  readonly components: Input<readonly Input<KubernetesControlPlaneLogComponents>[]>;
  readonly deleteLogSetAndTopic?: Input<boolean>;
}

/** `tencentcloud_kubernetes_control_plane_log` of the Terraform provider, with the arguments that the kit uses. */
export class KubernetesControlPlaneLog extends CustomResource {
  constructor(name: string, args: KubernetesControlPlaneLogArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/kubernetesControlPlaneLog:KubernetesControlPlaneLog",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
