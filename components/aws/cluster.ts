import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";
import { Cluster as EksCluster } from "@pulumi/aws/eks/cluster.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept, slow } from "../resource-options.ts";
import { type AwsContext, named, type PlainContext, tagged } from "./context.ts";
import type { Keys } from "./keys.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import type { Logs } from "./logs.ts";
import type { Network } from "./network.ts";
import { accountRoot, document, managedPolicy, trustedService } from "./policies.ts";
import { serviceCidr } from "./zones.ts";

/** Everything that a control plane can write down. */
const CONTROL_PLANE_LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** What the cluster is made of. */
export interface ClusterArgs {
  readonly network: Network;
  readonly keys: Keys;
  readonly logs: Logs;
}

/**
 * The Kubernetes control plane: reached from inside the network only, its secrets encrypted with the customer's key, all
 * of its logs kept. Whoever deploys comes as the role of operators, by IAM; nobody is its administrator by having made it.
 *
 * Children: two Roles with their policies, SecurityGroup with its rules, `${name}` (Cluster), AccessEntry, AccessPolicyAssociation, Provider.
 * Cost: 0.10 USD an hour (us-east-1, 2025-07-04); 0.60 once the version is out of standard support.
 * Checked by: test/unit/components/aws/cluster.test.ts.
 */
export class Cluster extends Component {
  readonly eks: EksCluster;
  /** Security group of the control plane, of every node and so of every pod. */
  readonly securityGroupId: Output<string>;
  readonly kubeconfig: Output<string>;
  readonly kubernetes: Provider;

  constructor(name: string, context: AwsContext, args: ClusterArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Cluster", name, opts);
    const operator = this.#operator(name, context);
    this.eks = this.#controlPlane(name, context, args);
    this.securityGroupId = this.eks.vpcConfig.apply(({ clusterSecurityGroupId }) => clusterSecurityGroupId);
    this.kubeconfig = kubeconfigOf(this.eks, { region: context.demand.region, roleArn: operator.arn });
    const access = this.#access(name, context, operator);
    this.kubernetes = new Provider(
      name,
      { kubeconfig: this.kubeconfig, enableServerSideApply: true },
      this.child(access),
    );
    this.registerOutputs();
  }

  #controlPlane(name: string, context: AwsContext, { network, keys, logs }: ClusterArgs): EksCluster {
    const { demand } = context;
    const role = new Role(
      `${name}-control-plane`,
      {
        name: named(context, "role", `cluster-${demand.region}`),
        assumeRolePolicy: trustedService("eks.amazonaws.com"),
        tags: { ...context.tags },
      },
      this.child(),
    );
    const allowed = new RolePolicyAttachment(
      `${name}-control-plane`,
      { role: role.name, policyArn: managedPolicy(context, "AmazonEKSClusterPolicy") },
      this.child(),
    );
    return new EksCluster(
      name,
      {
        name: named(context, "cluster", "cluster"),
        version: demand.kubernetesVersion,
        roleArn: role.arn,
        vpcConfig: {
          // Beside the databases, so that the control plane's addresses are known to NetworkPolicies.
          subnetIds: network.subnetIds("data"),
          securityGroupIds: [this.#door(name, context, network).id],
          endpointPrivateAccess: true,
          endpointPublicAccess: false,
        },
        kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: serviceCidr(demand) },
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        encryptionConfig: { provider: { keyArn: keys.of("cluster").arn }, resources: ["secrets"] },
        enabledClusterLogTypes: CONTROL_PLANE_LOGS,
        // Add-ons are made one by one below, with their settings.
        bootstrapSelfManagedAddons: false,
        upgradePolicy: { supportType: "STANDARD" },
        zonalShiftConfig: { enabled: true },
        deletionProtection: true,
        tags: tagged(context, named(context, "cluster", "cluster")),
      },
      // The log group first, or the control plane makes one without a key and without an end.
      slow(kept(this.child([allowed, logs.group("cluster")]))),
    );
  }

  /** Lets the company's own network reach the API server, from where the platform is deployed; no node has this group. */
  #door(name: string, context: AwsContext, network: Network): SecurityGroup {
    const group = new SecurityGroup(
      `${name}-api`,
      {
        vpcId: network.vpc.id,
        description: "API server: HTTPS from the company network",
        tags: tagged(context, `${context.demand.environment}-api`),
      },
      this.child(),
    );
    for (const cidrIpv4 of context.demand.network.companyCidrs) {
      new SecurityGroupIngressRule(
        `${name}-api-${cidrIpv4}`,
        {
          securityGroupId: group.id,
          description: `HTTPS from ${cidrIpv4}`,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIpv4,
          tags: { ...context.tags },
        },
        this.child(),
      );
    }
    return group;
  }

  /** The role that people and pipelines take on to work with the cluster; who may is for the account's IAM to say. */
  #operator(name: string, context: AwsContext): Role {
    const role = new Role(
      `${name}-operator`,
      {
        name: operatorRoleName(context),
        description: `Administrates the cluster of ${context.demand.environment}`,
        assumeRolePolicy: context.account.apply((account) =>
          document({
            Effect: "Allow",
            Principal: { AWS: accountRoot(context, account) },
            Action: "sts:AssumeRole",
            // By this region's endpoint alone: what the global one hands out is written down in us-east-1, where no alarm is.
            Condition: { StringEquals: { "aws:RequestedRegion": context.demand.region } },
          }),
        ),
        maxSessionDuration: 3600,
        tags: { ...context.tags },
      },
      this.child(),
    );
    return role;
  }

  #access(name: string, context: AwsContext, operator: Role): AccessPolicyAssociation {
    new RolePolicy(
      `${name}-operator`,
      {
        role: operator.id,
        policy: this.eks.arn.apply((arn) =>
          document({ Effect: "Allow", Action: "eks:DescribeCluster", Resource: arn }),
        ),
      },
      this.child(),
    );
    const principalArn = operator.arn;
    const entry = new AccessEntry(
      `${name}-operator`,
      { clusterName: this.eks.name, principalArn, type: "STANDARD", tags: { ...context.tags } },
      this.child(),
    );
    return new AccessPolicyAssociation(
      `${name}-operator`,
      {
        clusterName: this.eks.name,
        principalArn,
        policyArn: `arn:${context.partition.arn}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: "cluster" },
      },
      this.child(entry),
    );
  }
}

/** Name of the role that administrates the cluster. */
export function operatorRoleName(context: PlainContext): string {
  return named(context, "role", `operator-${context.demand.region}`);
}
