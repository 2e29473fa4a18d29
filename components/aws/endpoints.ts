import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { type AwsContext, type PlainContext, tagged } from "./context.ts";
import type { Network } from "./network.ts";
import { document } from "./policies.ts";
import { AGENT, watchesNodes } from "./threat-detection.ts";

/** Services of AWS that nodes and pods use, as their endpoints are called after the region. */
const SERVICES = [
  "autoscaling",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticfilesystem",
  "elasticloadbalancing",
  "kms",
  "logs",
  "sts",
] as const;

/**
 * Private ways to the services of AWS, so that nodes need no other way to them. Each lets only this account's identities
 * through, so that a stolen credential of another account carries nothing out.
 *
 * Children: `${name}-s3` and one VpcEndpoint for each of {@link servicesOf}, SecurityGroup, one ingress rule a zone.
 * Cost: 0.01 USD an hour for each service and zone (us-east-1, 2024-10-18); S3's is free.
 * Checked by: test/unit/components/aws/network.test.ts.
 */
export class Endpoints extends Component {
  constructor(name: string, context: AwsContext, network: Network, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Endpoints", name, opts);
    const { demand, account, partition } = context;
    const group = new SecurityGroup(
      name,
      {
        vpcId: network.vpc.id,
        description: "Private endpoints: HTTPS from nodes and pods",
        tags: tagged(context, `${demand.environment}-endpoints`),
      },
      this.child(),
    );
    for (const { zone, nodes } of network.zones) {
      new SecurityGroupIngressRule(
        `${name}-${zone}`,
        {
          securityGroupId: group.id,
          description: `HTTPS from the nodes of ${zone}`,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIpv4: nodes,
          tags: { ...context.tags },
        },
        this.child(),
      );
    }
    // In China the names of most services begin with `cn.`; those of these do not (EKS user guide, remembered).
    const prefix = `com.amazonaws.${demand.region}`;
    const inChina = partition.arn === "aws-cn" ? "cn." : "";
    new VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: network.vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: `${prefix}.s3`,
        routeTableIds: network.tier("nodes").map(({ routes }) => routes.id),
        policy: account.apply((own) => bucketsOf(own, demand.region, partition.arn)),
        tags: tagged(context, `${demand.environment}-s3`),
      },
      this.child(),
    );
    for (const service of servicesOf(context)) {
      new VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: network.vpc.id,
          vpcEndpointType: "Interface",
          serviceName: `${NAMED_CN.has(service) ? inChina : ""}${prefix}.${service}`,
          subnetIds: network.subnetIds("data"),
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
          policy: account.apply(onlyOwn),
          tags: tagged(context, `${demand.environment}-${service}`),
        },
        this.child(),
      );
    }
    this.registerOutputs();
  }
}

/** The services of an environment; where GuardDuty's agent is on the nodes, what it reports to as well. */
export function servicesOf(context: Pick<PlainContext, "partition">): readonly string[] {
  return watchesNodes(context) ? [...SERVICES, AGENT.endpoint] : SERVICES;
}

/** Services whose endpoint's name begins with `cn.` in China (VPC user guide of China, remembered). */
const NAMED_CN: ReadonlySet<string> = new Set([
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "elasticloadbalancing",
  "sts",
  "autoscaling",
]);

/** Identities of this account, to whatever their own policies allow. `*`: an endpoint's policy is about who, not what. */
export function onlyOwn(account: string): string {
  return document({
    Sid: "OnlyThisAccount",
    Effect: "Allow",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": account } },
  });
}

/** Buckets of this account, and to read the one that ECR keeps the region's image layers in. */
export function bucketsOf(account: string, region: string, partition: string): string {
  return document(
    {
      Sid: "OwnBuckets",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceAccount": account, "aws:PrincipalAccount": account } },
    },
    {
      Sid: "ImageLayers",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`,
    },
  );
}
