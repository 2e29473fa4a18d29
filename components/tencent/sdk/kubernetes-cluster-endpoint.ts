// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link KubernetesClusterEndpoint}. */
export interface KubernetesClusterEndpointArgs {
  readonly clusterId: Input<string>;
  readonly clusterInternet?: Input<boolean>;
  readonly clusterIntranet?: Input<boolean>;
  readonly clusterIntranetSubnetId?: Input<string>;
  readonly clusterIntranetSecurityGroup?: Input<string>;
  readonly clusterIntranetDomain?: Input<string>;
}

/** `tencentcloud_kubernetes_cluster_endpoint` of the Terraform provider, with the arguments that the kit uses. */
export class KubernetesClusterEndpoint extends CustomResource {
  declare readonly kubeConfigIntranet: Output<string>;
  declare readonly pgwEndpoint: Output<string>;
  declare readonly certificationAuthority: Output<string>;
  declare readonly userName: Output<string>;
  declare readonly password: Output<string>;

  constructor(name: string, args: KubernetesClusterEndpointArgs, opts?: CustomResourceOptions) {
    const inputs = {
      ...args,
      kubeConfigIntranet: undefined,
      pgwEndpoint: undefined,
      certificationAuthority: undefined,
      userName: undefined,
      password: undefined,
    };
    const secret = { additionalSecretOutputs: ["kubeConfigIntranet", "password"] };
    super(
      "tencentcloud:index/kubernetesClusterEndpoint:KubernetesClusterEndpoint",
      name,
      inputs,
      { ...secret, ...opts },
      false,
      tencentPackage(),
    );
  }
}
