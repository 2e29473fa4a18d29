import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { type Input, interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { POOL_LABEL } from "../pools.ts";
import { slow } from "../resource-options.ts";
import type { Cluster } from "./cluster.ts";
import type { AwsContext } from "./context.ts";
import { type Identity, serviceAccountOf } from "./identity.ts";
import type { Network } from "./network.ts";
import { addonRegistry } from "./offer.ts";

/** A chart by version, with where its image comes from. */
const LOAD_BALANCER = { version: "1.14.1", image: "v2.14.1", repo: "https://aws.github.io/eks-charts" } as const;
const AUTOSCALER = { version: "9.52.1", repo: "https://kubernetes.github.io/autoscaler" } as const;

/** The autoscaler's minor version is the cluster's. */
function autoscalerTag(kubernetesVersion: string): string {
  return `v${kubernetesVersion}.0`;
}

/** What the controllers need. */
export interface ControllersArgs {
  readonly cluster: Cluster;
  readonly network: Network;
  readonly identity: Identity;
  /** Registry and prefix of the copies of public images. */
  readonly mirror: Input<string>;
  readonly after: readonly Resource[];
}

/**
 * What acts on AWS from inside the cluster: registers the front door's pods at the load balancer, and lets pools grow and
 * shrink. Their images come from the region's add-on registry and from the environment's own.
 *
 * Children: two Releases (Helm). Cost: none by themselves. Checked by: test/unit/components/aws/cluster.test.ts.
 */
export class Controllers extends Component {
  readonly loadBalancer: Release;

  constructor(name: string, context: AwsContext, args: ControllersArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Controllers", name, opts);
    const { cluster, network, identity, mirror, after } = args;
    const { region, kubernetesVersion } = context.demand;
    const nodeSelector = { [POOL_LABEL]: "system" };
    const balancing = serviceAccountOf("load-balancer");
    this.loadBalancer = new Release(
      `${name}-load-balancer`,
      {
        name: balancing.serviceAccount,
        chart: "aws-load-balancer-controller",
        version: LOAD_BALANCER.version,
        repositoryOpts: { repo: LOAD_BALANCER.repo },
        namespace: balancing.namespace,
        values: {
          clusterName: cluster.eks.name,
          region,
          // The metadata service would say, and is out of reach for pods.
          vpcId: network.vpc.id,
          image: {
            repository: `${addonRegistry(region)}/amazon/aws-load-balancer-controller`,
            tag: LOAD_BALANCER.image,
          },
          serviceAccount: { name: balancing.serviceAccount },
          // It binds pods to groups that are made here; it makes no load balancer of its own.
          enableServiceMutatorWebhook: false,
          createIngressClassResource: false,
          enableShield: false,
          enableWaf: false,
          enableWafv2: false,
          nodeSelector,
        },
      },
      slow(this.child([...after, identity.of("load-balancer")])),
    );
    const scaling = serviceAccountOf("autoscaler");
    new Release(
      `${name}-autoscaler`,
      {
        name: scaling.serviceAccount,
        chart: "cluster-autoscaler",
        version: AUTOSCALER.version,
        repositoryOpts: { repo: AUTOSCALER.repo },
        namespace: scaling.namespace,
        values: {
          fullnameOverride: scaling.serviceAccount,
          cloudProvider: "aws",
          awsRegion: region,
          autoDiscovery: { clusterName: cluster.eks.name },
          image: {
            repository: interpolate`${mirror}/autoscaling/cluster-autoscaler`,
            tag: autoscalerTag(kubernetesVersion),
          },
          rbac: { serviceAccount: { name: scaling.serviceAccount } },
          replicaCount: 2,
          // A zone's group grows when a volume of this zone waits; the others stay even.
          extraArgs: { "balance-similar-node-groups": true, expander: "least-waste" },
          nodeSelector,
        },
      },
      slow(this.child([...after, identity.of("autoscaler")])),
    );
    this.registerOutputs();
  }
}
