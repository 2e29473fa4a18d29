import { Provider } from "@pulumi/kubernetes/provider.js";
import { type Output, secret } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { NodePool } from "../demand.ts";
import { kept } from "../resource-options.ts";
import { named, slow, type TencentContext } from "./context.ts";
import type { Keys } from "./keys.ts";
import type { Logs } from "./logs.ts";
import type { Network } from "./network.ts";
import { RELEASES, SERVICE_CIDR } from "./offer.ts";
import { KubernetesAddon } from "./sdk/kubernetes-addon.ts";
import { KubernetesAuthAttachment } from "./sdk/kubernetes-auth-attachment.ts";
import { KubernetesCluster } from "./sdk/kubernetes-cluster.ts";
import { KubernetesClusterEndpoint } from "./sdk/kubernetes-cluster-endpoint.ts";
import { KubernetesControlPlaneLog } from "./sdk/kubernetes-control-plane-log.ts";
import { KubernetesEncryptionProtection } from "./sdk/kubernetes-encryption-protection.ts";

/** Sizes of a managed control plane: nodes that it takes. Source: document 457/68804, remembered 2026-11-24. */
const LEVELS = [5, 20, 50, 100, 200, 500, 1000, 3000, 5000] as const;

/** Nodes more than asked for, where a pool is divided among three zones (nodes.ts). */
const ROUNDING = 2;

/** The smallest level that takes every node that the pools may grow to. */
export function levelFor(pools: readonly Pick<NodePool, "max">[]): `L${number}` {
  const nodes = pools.reduce((sum, { max }) => sum + max + ROUNDING, 0);
  return `L${LEVELS.find((level) => nodes <= level) ?? LEVELS[LEVELS.length - 1] ?? 5}`;
}

/** Services of a cluster: all that a /20 holds. */
const SERVICES_MAX = 4096;

/**
 * Add-ons that the platform counts on; the driver of cloud disks comes with the cluster. Without the first, every
 * NetworkPolicy is accepted and enforced by nobody: `breakwater verify` tries the walls.
 */
const ADDONS = ["NetworkPolicy", "CFS"] as const;

/**
 * The managed cluster: pods with addresses of the network, secrets encrypted with the company's key before they are
 * written, the API server's audit log in CLS, identities of pods by OIDC, no endpoint on the internet.
 *
 * Children: `${name}` (KubernetesCluster, KubernetesEncryptionProtection, KubernetesAuthAttachment,
 * KubernetesControlPlaneLog). Cost: by level, L20 0.4 CNY and L50 0.73 CNY an hour (from memory, unverified).
 * Checked by: test/unit/components/tencent/cluster.test.ts.
 */
export class Cluster extends Component {
  readonly id: Output<string>;
  /** What must exist before the first Secret is written. */
  readonly encrypted: Resource;
  /** What must exist before a pod can have an identity. */
  readonly identified: Resource;

  constructor(
    name: string,
    context: TencentContext,
    { network, keys, logs }: { readonly network: Network; readonly keys: Keys; readonly logs: Logs },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:Cluster", name, opts);
    const { demand } = context;
    const audit = { enabled: true, logSetId: logs.logset, topicId: logs.topic("cluster") };
    const cluster = new KubernetesCluster(
      name,
      {
        clusterName: named(context, "cluster", "cluster"),
        clusterVersion: RELEASES[demand.kubernetesVersion] ?? demand.kubernetesVersion,
        clusterDeployType: "MANAGED_CLUSTER",
        clusterLevel: levelFor(demand.pools),
        autoUpgradeClusterLevel: true,
        containerRuntime: "containerd",
        vpcId: network.vpc,
        networkType: "VPC-CNI",
        vpcCniType: "tke-route-eni",
        isNonStaticIpMode: true,
        eniSubnetIds: [...network.subnets("nodes")],
        serviceCidr: SERVICE_CIDR,
        clusterMaxServiceNum: SERVICES_MAX,
        clusterInternet: false,
        deletionProtection: true,
        clusterAudit: { ...audit, deleteAuditLogAndTopic: false },
        eventPersistence: { ...audit, deleteEventLogAndTopic: false },
        tags: context.tags,
      },
      slow(kept(this.child())),
    );
    this.id = cluster.id;
    this.encrypted = new KubernetesEncryptionProtection(
      name,
      { clusterId: cluster.id, kmsConfiguration: { keyId: keys.of("cluster"), kmsRegion: demand.region } },
      slow(kept(this.child())),
    );
    this.identified = new KubernetesAuthAttachment(
      name,
      {
        clusterId: cluster.id,
        useTkeDefault: true,
        autoCreateOidcConfig: true,
        autoInstallPodIdentityWebhookAddon: true,
      },
      slow(this.child(this.encrypted)),
    );
    const scaling = { name: "cluster-autoscaler", logLevel: 2, logSetId: logs.logset, topicId: logs.topic("cluster") };
    new KubernetesControlPlaneLog(
      name,
      { clusterId: cluster.id, clusterType: "tke", components: [scaling], deleteLogSetAndTopic: false },
      this.child(),
    );
    this.registerOutputs();
  }
}

/**
 * The way to the cluster: an endpoint in the nodes' subnet of the first zone, which opens once there are nodes, and the
 * add-ons. Whoever deploys must be inside the network or the company's.
 *
 * Children: `${name}` (KubernetesClusterEndpoint), `${name}-<add-on>` (KubernetesAddon), `cluster` (Kubernetes provider).
 */
export class ClusterAccess extends Component {
  readonly kubernetes: Provider;
  /** Holds a certificate with every right: secret. */
  readonly kubeconfig: Output<string>;

  constructor(
    name: string,
    {
      cluster,
      network,
      nodes,
    }: { readonly cluster: Cluster; readonly network: Network; readonly nodes: readonly Resource[] },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:ClusterAccess", name, opts);
    const endpoint = new KubernetesClusterEndpoint(
      name,
      {
        clusterId: cluster.id,
        clusterInternet: false,
        clusterIntranet: true,
        clusterIntranetSubnetId: network.subnets("nodes")[0],
      },
      slow(this.child([cluster.encrypted, ...nodes])),
    );
    this.kubeconfig = secret(endpoint.kubeConfigIntranet);
    const addons = ADDONS.map(
      (addon) =>
        new KubernetesAddon(
          `${name}-${addon.toLowerCase()}`,
          { clusterId: cluster.id, addonName: addon },
          slow(this.child([...nodes])),
        ),
    );
    this.kubernetes = new Provider(
      "cluster",
      { kubeconfig: this.kubeconfig, enableServerSideApply: true },
      this.child([endpoint, ...addons]),
    );
    this.registerOutputs();
  }
}
