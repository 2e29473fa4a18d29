import { Addon } from "@pulumi/aws/eks/addon.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { POOL_LABEL } from "../pools.ts";
import { slow } from "../resource-options.ts";
import type { Cluster } from "./cluster.ts";
import type { AwsContext, PlainContext } from "./context.ts";
import { AGENT, watchesNodes } from "./threat-detection.ts";

/** One add-on of EKS with its settings. */
export interface AddonPlan {
  readonly addon: string;
  readonly settings: object;
}

const onSystemNodes = { [POOL_LABEL]: "system" };

/** What nodes cannot be without; each tolerates every taint by itself. */
export const BEFORE_NODES: readonly AddonPlan[] = [
  { addon: "eks-pod-identity-agent", settings: {} },
  {
    addon: "vpc-cni",
    // Without the first, NetworkPolicies are accepted and nothing happens. Prefixes give a node 110 pods and more.
    settings: { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" } },
  },
  { addon: "kube-proxy", settings: {} },
];

/** What runs on nodes, GuardDuty's agent among it where there is one. The tags of volumes are what backups choose them by. */
export function addonsAfterNodes(
  context: Pick<PlainContext, "partition">,
  tags: Readonly<Record<string, string>>,
): readonly AddonPlan[] {
  return [
    ...(watchesNodes(context) ? [{ addon: AGENT.addon, settings: {} }] : []),
    { addon: "coredns", settings: { nodeSelector: onSystemNodes, replicaCount: 3 } },
    {
      addon: "aws-ebs-csi-driver",
      settings: {
        controller: { nodeSelector: onSystemNodes, extraVolumeTags: { ...tags } },
        node: { tolerateAllTaints: true },
      },
    },
    { addon: "aws-efs-csi-driver", settings: { controller: { nodeSelector: onSystemNodes, tags: { ...tags } } } },
  ];
}

/**
 * Add-ons of EKS, in the version that it chooses for the cluster's.
 *
 * Children: an Addon for each. Cost: none by themselves. Checked by: test/unit/components/aws/cluster.test.ts.
 */
export class Addons extends Component {
  readonly made: readonly Addon[];

  constructor(
    name: string,
    context: AwsContext,
    args: { readonly cluster: Cluster; readonly addons: readonly AddonPlan[]; readonly after: readonly Resource[] },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:aws:Addons", name, opts);
    this.made = args.addons.map(
      ({ addon, settings }) =>
        new Addon(
          `${name}-${addon}`,
          {
            clusterName: args.cluster.eks.name,
            addonName: addon,
            configurationValues: JSON.stringify(settings),
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
            tags: { ...context.tags },
          },
          slow(this.child([...args.after])),
        ),
    );
    this.registerOutputs();
  }
}
