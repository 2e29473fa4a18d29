// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `cluster_audit` of {@link KubernetesClusterArgs}. */
export interface KubernetesClusterClusterAudit {
  readonly enabled: Input<boolean>;
  readonly logSetId?: Input<string>;
  readonly topicId?: Input<string>;
  readonly deleteAuditLogAndTopic?: Input<boolean>;
}

/** Block `event_persistence` of {@link KubernetesClusterArgs}. */
export interface KubernetesClusterEventPersistence {
  readonly enabled: Input<boolean>;
  readonly logSetId?: Input<string>;
  readonly topicId?: Input<string>;
  readonly deleteEventLogAndTopic?: Input<boolean>;
}

/** Block `log_agent` of {@link KubernetesClusterArgs}. */
export interface KubernetesClusterLogAgent {
  readonly enabled: Input<boolean>;
  readonly kubeletRootDir?: Input<string>;
}

/** Block `resource_delete_options` of {@link KubernetesClusterArgs}. */
export interface KubernetesClusterResourceDeleteOptions {
  readonly resourceType: Input<string>;
  readonly deleteMode: Input<string>;
  readonly skipDeletionProtection?: Input<boolean>;
}

/** Arguments of {@link KubernetesCluster}. */
export interface KubernetesClusterArgs {
  readonly vpcId: Input<string>;
  readonly clusterName?: Input<string>;
  readonly clusterDesc?: Input<string>;
  readonly clusterVersion?: Input<string>;
  readonly clusterDeployType?: Input<string>;
  readonly clusterLevel?: Input<string>;
  readonly autoUpgradeClusterLevel?: Input<boolean>;
  readonly clusterOs?: Input<string>;
  readonly containerRuntime?: Input<string>;
  readonly networkType?: Input<string>;
  readonly vpcCniType?: Input<string>;
  readonly eniSubnetIds?: Input<readonly Input<string>[]>;
  readonly isNonStaticIpMode?: Input<boolean>;
  readonly serviceCidr?: Input<string>;
  readonly clusterMaxServiceNum?: Input<number>;
  readonly clusterInternet?: Input<boolean>;
  readonly deletionProtection?: Input<boolean>;
  readonly clusterAudit?: Input<KubernetesClusterClusterAudit>;
  readonly eventPersistence?: Input<KubernetesClusterEventPersistence>;
  readonly logAgent?: Input<KubernetesClusterLogAgent>;
  readonly resourceDeleteOptions?: Input<readonly Input<KubernetesClusterResourceDeleteOptions>[]>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_kubernetes_cluster` of the Terraform provider, with the arguments that the kit uses. */
export class KubernetesCluster extends CustomResource {
  constructor(name: string, args: KubernetesClusterArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/kubernetesCluster:KubernetesCluster", name, { ...args }, opts, false, tencentPackage());
  }
}
