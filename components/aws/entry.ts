import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Listener } from "@pulumi/aws/lb/listener.js";
import { LoadBalancer } from "@pulumi/aws/lb/loadBalancer.js";
import { TargetGroup } from "@pulumi/aws/lb/targetGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { ComponentResourceOptions, CustomResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { FRONT_DOOR_PORT, PLATFORM_NAMESPACE } from "../names.ts";
import { slow } from "../resource-options.ts";
import type { PrivateBucket } from "./buckets.ts";
import { provenCertificate } from "./certificate.ts";
import type { Cluster } from "./cluster.ts";
import { type AwsContext, named, tagged } from "./context.ts";
import type { Dns } from "./dns.ts";
import type { Logs } from "./logs.ts";
import type { Network } from "./network.ts";
import { WebFirewall } from "./web-firewall.ts";

/** TLS 1.3 and nothing older. Name: ELB's list of policies, remembered. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-3-2021-06";
const HTTPS_PORT = 443;
/** A turn may take 300 s; the front door gives up after 330, and the load balancer must not before. */
const IDLE_SECONDS = 340;

/** What the way in needs. */
export interface FrontEntryArgs {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly dns: Dns;
  readonly logs: Logs;
  /** Bucket of access logs. */
  readonly accessLogs: PrivateBucket;
  readonly host: string;
}

/**
 * The front door's way in: an application load balancer that speaks TLS 1.3 only, with a certificate for the host, open
 * to the ranges of the settings; behind a web application firewall where it has an address of the internet.
 *
 * Children: Certificate, its Record and validation, SecurityGroup with its rules, `${name}` (LoadBalancer, TargetGroup,
 * Listener), WebFirewall when public. Cost: 0.0225 USD an hour and 0.008 an LCU-hour (us-east-1, 2024-07-01).
 * Checked by: test/unit/components/aws/entry.test.ts.
 */
export class FrontEntry extends Component {
  readonly #name: string;
  readonly #targets: TargetGroup;

  constructor(name: string, context: AwsContext, args: FrontEntryArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:FrontEntry", name, opts);
    this.#name = name;
    const { network, dns, host, accessLogs, logs } = args;
    const { exposure } = context.demand.entry;
    const certificate = provenCertificate(name, context, args, this.child());
    const group = this.#securityGroup(name, context, args);
    const balancer = new LoadBalancer(
      name,
      {
        name: named(context, "loadBalancer", "front-door"),
        loadBalancerType: "application",
        internal: exposure === "internal",
        subnets: network.subnetIds("entry"),
        securityGroups: [group.id],
        idleTimeout: IDLE_SECONDS,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "strictest",
        enableDeletionProtection: true,
        enableWafFailOpen: false,
        accessLogs: { enabled: true, bucket: accessLogs.bucket.bucket, prefix: "entry" },
        tags: tagged(context, named(context, "loadBalancer", "front-door")),
      },
      slow(this.child(accessLogs.policy)),
    );
    this.#targets = this.#targetGroup(name, context, network);
    new Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        port: HTTPS_PORT,
        protocol: "HTTPS",
        sslPolicy: TLS_POLICY,
        certificateArn: certificate.certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: this.#targets.arn }],
        tags: { ...context.tags },
      },
      this.child(),
    );
    if (exposure === "public") {
      new WebFirewall(name, context, { balancer, log: logs.group("entry") }, { parent: this });
    }
    dns.point(host, { name: balancer.dnsName, zoneId: balancer.zoneId });
    this.registerOutputs();
  }

  /** Sends requests to the pods of a Service, as they come and go. */
  bind(service: Service, opts: CustomResourceOptions, controller: Resource): void {
    new CustomResource(
      this.#name,
      {
        apiVersion: "elbv2.k8s.aws/v1beta1",
        kind: "TargetGroupBinding",
        metadata: { name: "front-door", namespace: PLATFORM_NAMESPACE },
        spec: {
          serviceRef: { name: service.metadata.name, port: FRONT_DOOR_PORT },
          targetGroupARN: this.#targets.arn,
          targetType: "ip",
        },
      },
      { ...opts, dependsOn: [service, controller] },
    );
  }

  #securityGroup(name: string, context: AwsContext, { network, cluster }: FrontEntryArgs): SecurityGroup {
    const { demand } = context;
    const tags = tagged(context, named(context, "loadBalancer", "front-door"));
    const group = new SecurityGroup(
      name,
      { vpcId: network.vpc.id, description: "Front door: HTTPS from the allowed ranges", tags },
      this.child(),
    );
    for (const cidr of allowedRanges(demand)) {
      new SecurityGroupIngressRule(
        `${name}-${cidr}`,
        {
          securityGroupId: group.id,
          description: `HTTPS from ${cidr}`,
          ipProtocol: "tcp",
          fromPort: HTTPS_PORT,
          toPort: HTTPS_PORT,
          cidrIpv4: cidr,
          tags: { ...context.tags },
        },
        this.child(),
      );
    }
    const port = { ipProtocol: "tcp", fromPort: FRONT_DOOR_PORT, toPort: FRONT_DOOR_PORT, tags: { ...context.tags } };
    new SecurityGroupEgressRule(
      `${name}-pods`,
      { ...port, securityGroupId: group.id, referencedSecurityGroupId: cluster.securityGroupId },
      this.child(),
    );
    new SecurityGroupIngressRule(
      `${name}-pods`,
      { ...port, securityGroupId: cluster.securityGroupId, referencedSecurityGroupId: group.id },
      this.child(),
    );
    return group;
  }

  #targetGroup(name: string, context: AwsContext, network: Network): TargetGroup {
    return new TargetGroup(
      name,
      {
        name: named(context, "targetGroup", "front-door"),
        vpcId: network.vpc.id,
        targetType: "ip",
        protocol: "HTTP",
        port: FRONT_DOOR_PORT,
        // As long as a turn may still run.
        deregistrationDelay: 330,
        healthCheck: {
          protocol: "HTTP",
          port: "traffic-port",
          path: "/readyz",
          interval: 10,
          timeout: 5,
          matcher: "200",
        },
        tags: { ...context.tags },
      },
      this.child(),
    );
  }
}

/** Who may reach the front door: what the settings name, or the company's and the platform's own ranges. */
export function allowedRanges({ entry, network }: Pick<Demand, "entry" | "network">): readonly string[] {
  return entry.allowedCidrs.length > 0 ? entry.allowedCidrs : [...network.companyCidrs, network.cidr];
}
