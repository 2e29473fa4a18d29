import { SecurityGroup } from "@pulumi/alicloud/ecs/securityGroup.js";
import { SecurityGroupRule } from "@pulumi/alicloud/ecs/securityGroupRule.js";
import { VpcEndpoint } from "@pulumi/alicloud/privatelink/vpcEndpoint.js";
import { VpcEndpointZone } from "@pulumi/alicloud/privatelink/vpcEndpointZone.js";
import { GatewayEndpoint } from "@pulumi/alicloud/vpc/gatewayEndpoint.js";
import { Network as Vpc } from "@pulumi/alicloud/vpc/network.js";
import { Switch } from "@pulumi/alicloud/vpc/switch.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { kept } from "../resource-options.ts";
import { type AlibabaContext, named } from "./context.ts";
import { SERVICE_CIDR } from "./offer.ts";
import type { AlibabaZone } from "./zones.ts";

/** What a vSwitch is for. */
export type Tier = "nodes" | "data" | "edge";

const TIERS: readonly Tier[] = ["nodes", "data", "edge"];

/**
 * Services of Alibaba Cloud that nodes and pods call, each by an interface of the network's own. OSS comes by the gateway
 * endpoint, KMS and the registry have addresses of their own here. The form of the names was read in
 * @pulumi/alicloud 3.108.0 for OSS; that these services have one each is not verified.
 */
const PRIVATE_SERVICES = ["sls", "sts", "ecs", "cs"] as const;

/**
 * Where Alibaba Cloud answers inside every network: services by their names ending in `-vpc` or `-internal`, DNS at
 * 100.100.2.136 and .138, and metadata. Never routed to the internet.
 */
export const CLOUD_INTERNAL_CIDR = "100.64.0.0/10";
/** Hands out the credentials of a node's role. */
export const METADATA_CIDR = "100.100.100.200/32";
const LINK_LOCAL_CIDR = "169.254.0.0/16";

/**
 * The private network: a vSwitch for nodes, data and edge in each of three zones, and ways to Alibaba's own services that
 * do not leave it. Nothing here has a way to the internet; {@link Egress} adds one, and only under architecture A.
 *
 * Children: Network, nine vSwitches, GatewayEndpoint for OSS, SecurityGroup with its rule, four VpcEndpoints in two zones.
 * Checked by: test/unit/components/alibaba/network.test.ts.
 */
export class Network extends Component {
  readonly vpc: Vpc;
  readonly #switches: ReadonlyMap<string, Switch>;

  constructor(name: string, context: AlibabaContext, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:Network", name, opts);
    const { demand, tags } = context;
    this.vpc = new Vpc(
      name,
      { vpcName: named(context, "network", "vpc"), cidrBlock: demand.network.cidr, tags },
      kept(this.child()),
    );
    this.#switches = new Map(
      context.zones.flatMap((zone) =>
        TIERS.map((tier) => [key(zone, tier), this.#switch(`${name}-${key(zone, tier)}`, context, { zone, tier })]),
      ),
    );
    this.#objectStorage(`${name}-oss`, context);
    this.#services(name, context);
    this.registerOutputs();
  }

  /** Ids of the vSwitches of one tier, in the order of the zones. */
  idsOf(tier: Tier, zones: readonly AlibabaZone[]): readonly Output<string>[] {
    return zones.map((zone) => this.switchOf(tier, zone).id);
  }

  switchOf(tier: Tier, zone: AlibabaZone): Switch {
    const found = this.#switches.get(key(zone, tier));
    if (found === undefined) throw new Error(`no vSwitch ${key(zone, tier)}`);
    return found;
  }

  #switch(name: string, context: AlibabaContext, { zone, tier }: { zone: AlibabaZone; tier: Tier }): Switch {
    return new Switch(
      name,
      {
        vpcId: this.vpc.id,
        zoneId: zone.zone,
        cidrBlock: zone[tier],
        vswitchName: named(context, "network", key(zone, tier)),
        tags: context.tags,
      },
      this.child(),
    );
  }

  #objectStorage(name: string, context: AlibabaContext): void {
    new GatewayEndpoint(
      name,
      {
        gatewayEndpointName: named(context, "network", "oss"),
        vpcId: this.vpc.id,
        serviceName: `com.aliyun.${context.demand.region}.oss`,
        routeTables: [this.vpc.routeTableId],
        tags: context.tags,
      },
      this.child(),
    );
  }

  #services(name: string, context: AlibabaContext): void {
    const group = new SecurityGroup(
      `${name}-services`,
      {
        vpcId: this.vpc.id,
        securityGroupName: named(context, "securityGroup", "services"),
        description: "Interfaces of Alibaba Cloud's own services; HTTPS from this network alone.",
        innerAccessPolicy: "Drop",
        tags: context.tags,
      },
      this.child(),
    );
    new SecurityGroupRule(
      `${name}-services-https`,
      {
        securityGroupId: group.id,
        type: "ingress",
        policy: "accept",
        ipProtocol: "tcp",
        portRange: "443/443",
        cidrIp: context.demand.network.cidr,
        description: "HTTPS from this network.",
      },
      this.child(),
    );
    for (const service of PRIVATE_SERVICES) {
      const endpoint = new VpcEndpoint(
        `${name}-${service}`,
        {
          vpcEndpointName: named(context, "network", service),
          endpointType: "Interface",
          vpcId: this.vpc.id,
          securityGroupIds: [group.id],
          serviceName: `com.aliyuncs.privatelink.${context.demand.region}.${service}`,
          tags: context.tags,
        },
        this.child(),
      );
      for (const zone of context.zones.slice(0, 2)) {
        const place = { endpointId: endpoint.id, vswitchId: this.switchOf("data", zone).id, zoneId: zone.zone };
        new VpcEndpointZone(`${name}-${service}-${zone.zone}`, place, this.child());
      }
    }
  }
}

function key({ zone }: AlibabaZone, tier: Tier): string {
  return `${tier}-${zone}`;
}

/** CoreDNS as every Kubernetes distribution labels it. */
export const clusterDns: input.networking.v1.NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** Peers by address, one for each range. */
export function peersAt(cidrs: readonly string[]): readonly input.networking.v1.NetworkPolicyPeer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

/** What the router's way to an outside model leaves out. */
export function internalCidrs({ network }: Pick<Demand, "network">): readonly string[] {
  return [network.cidr, SERVICE_CIDR, CLOUD_INTERNAL_CIDR, LINK_LOCAL_CIDR];
}
