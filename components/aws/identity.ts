import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { type Output, output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Cluster } from "./cluster.ts";
import { type AwsContext, named, type PlainContext } from "./context.ts";
import type { Keys } from "./keys.ts";
import { document, managedPolicy, type Statement } from "./policies.ts";

/** Pods that AWS knows, by their ServiceAccount. No pod of ours is among them but the vault's. */
const WORKLOADS = {
  "vpc-cni": { namespace: "kube-system", serviceAccount: "aws-node" },
  "ebs-csi": { namespace: "kube-system", serviceAccount: "ebs-csi-controller-sa" },
  "efs-csi": { namespace: "kube-system", serviceAccount: "efs-csi-controller-sa" },
  "load-balancer": { namespace: "kube-system", serviceAccount: "aws-load-balancer-controller" },
  autoscaler: { namespace: "kube-system", serviceAccount: "cluster-autoscaler" },
  vault: { namespace: "vault", serviceAccount: "vault" },
} as const;

export type Workload = keyof typeof WORKLOADS;

export function serviceAccountOf(workload: Workload): { readonly namespace: string; readonly serviceAccount: string } {
  return WORKLOADS[workload];
}

/** Policies that AWS keeps for its own add-ons. */
const MANAGED: Partial<Record<Workload, string>> = {
  "vpc-cni": "AmazonEKS_CNI_Policy",
  "ebs-csi": "service-role/AmazonEBSCSIDriverPolicy",
  "efs-csi": "service-role/AmazonEFSCSIDriverPolicy",
};

/** ARNs that policies name. */
export interface Arns {
  readonly cluster: string;
  readonly clusterName: string;
  readonly volumesKey: string;
  readonly vaultKey: string;
}

/**
 * What each of them may do at AWS, and no more: a role for one ServiceAccount, given out by the pod identity agent.
 *
 * Children: for each workload Role, RolePolicy or RolePolicyAttachment, PodIdentityAssociation. Cost: none.
 * Checked by: test/unit/components/aws/cluster.test.ts.
 */
export class Identity extends Component {
  readonly #associations: Readonly<Record<Workload, Resource>>;

  constructor(
    name: string,
    context: AwsContext,
    { cluster, keys }: { readonly cluster: Cluster; readonly keys: Keys },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:aws:Identity", name, opts);
    const arns = output({
      cluster: cluster.eks.arn,
      clusterName: cluster.eks.name,
      volumesKey: keys.of("volumes").arn,
      vaultKey: keys.of("vault").arn,
    });
    const made = (Object.keys(WORKLOADS) as Workload[]).map((workload) => [
      workload,
      this.#workload(`${name}-${workload}`, context, { workload, cluster, arns }),
    ]);
    this.#associations = Object.fromEntries(made) as Record<Workload, Resource>;
    this.registerOutputs();
  }

  /** What must be there before the pods of a workload start. */
  of(workload: Workload): Resource {
    return this.#associations[workload];
  }

  #workload(
    name: string,
    context: AwsContext,
    { workload, cluster, arns }: { workload: Workload; cluster: Cluster; arns: Output<Arns> },
  ): Resource {
    const role = new Role(
      name,
      {
        name: named(context, "role", `${workload}-${context.demand.region}`),
        assumeRolePolicy: arns.apply((each) => podTrust(each.cluster)),
        tags: { ...context.tags },
      },
      this.child(),
    );
    const managed = MANAGED[workload];
    const rights: Resource[] = [];
    if (managed !== undefined) {
      const policyArn = managedPolicy(context, managed);
      rights.push(new RolePolicyAttachment(name, { role: role.name, policyArn }, this.child()));
    }
    if (hasOwnRights(workload)) {
      const policy = arns.apply((each) => document(...rightsOf(workload, context, each)));
      rights.push(new RolePolicy(name, { role: role.id, policy }, this.child()));
    }
    return new PodIdentityAssociation(
      name,
      { clusterName: cluster.eks.name, ...WORKLOADS[workload], roleArn: role.arn, tags: { ...context.tags } },
      this.child(rights),
    );
  }
}

/** Only pods of this cluster. */
export function podTrust(clusterArn: string): string {
  return document({
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: { StringEquals: { "aws:SourceArn": clusterArn } },
  });
}

function hasOwnRights(workload: Workload): boolean {
  return workload !== "vpc-cni" && workload !== "efs-csi";
}

/** Rights of our own making. Looking things up has no resource level at these services, so that `*` is all there is. */
export function rightsOf(workload: Workload, context: PlainContext, arns: Arns): readonly Statement[] {
  const allow = (Action: readonly string[], Resource: string, Condition?: Statement["Condition"]): Statement => ({
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  });
  switch (workload) {
    case "ebs-csi":
      return [
        allow(
          ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
          arns.volumesKey,
        ),
        allow(["kms:CreateGrant"], arns.volumesKey, { Bool: { "kms:GrantIsForAWSResource": "true" } }),
      ];
    case "load-balancer": {
      const { partition, demand } = context;
      const group = `targetgroup/${named(context, "targetGroup", "front-door")}/*`;
      const groups = `arn:${partition.arn}:elasticloadbalancing:${demand.region}:*:${group}`;
      return [
        allow(["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"], groups),
        allow(
          [
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetHealth",
            "elasticloadbalancing:DescribeTags",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
          ],
          "*",
        ),
      ];
    }
    case "autoscaler": {
      const own = { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${arns.clusterName}`]: "owned" } };
      return [
        allow(["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"], "*", own),
        allow(
          [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "autoscaling:DescribeTags",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
          ],
          "*",
        ),
        allow(["eks:DescribeNodegroup"], `${arns.cluster.replace(":cluster/", ":nodegroup/")}/*`),
      ];
    }
    case "vault":
      return [allow(["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"], arns.vaultKey)];
    default:
      return [];
  }
}
