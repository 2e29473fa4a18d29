import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { slow } from "../resource-options.ts";
import { type PlainContext, tagged } from "./context.ts";
import { type AwsZone, zonesOf } from "./zones.ts";

/** The parts of a zone; each has a route table of its own. */
export const TIERS = ["nodes", "data", "entry", "nat", "filter"] as const;
export type Tier = (typeof TIERS)[number];

/** A subnet with where its packets go. */
export interface TierSubnet {
  readonly zone: AwsZone;
  readonly subnet: Subnet;
  readonly routes: RouteTable;
}

/** Who has an address of the internet, and so a route to it: the NAT, and the load balancer where it is public. */
function reachesInternet(tier: Tier, exposure: "internal" | "public"): boolean {
  return tier === "nat" || (tier === "entry" && exposure === "public");
}

/**
 * The network: three zones, in each a subnet for nodes, for data, for the load balancer, for NAT and for the egress
 * filter. The default security group is closed; only NAT and a public load balancer have a route to the internet.
 *
 * Children: `${name}` (Vpc), DefaultSecurityGroup, InternetGateway, and for each zone and tier Subnet, RouteTable,
 * RouteTableAssociation. Cost: none by itself. Checked by: test/unit/components/aws/network.test.ts.
 */
export class Network extends Component {
  readonly vpc: Vpc;
  readonly zones: readonly AwsZone[];
  /** Owner of the network, and of everything else. */
  readonly account: Output<string>;
  readonly #tiers: Readonly<Record<Tier, readonly TierSubnet[]>>;

  constructor(name: string, context: PlainContext, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Network", name, opts);
    const { demand } = context;
    this.zones = zonesOf(demand);
    this.vpc = new Vpc(
      name,
      {
        cidrBlock: demand.network.cidr,
        // Both are what private names of endpoints need.
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: tagged(context, demand.environment),
      },
      this.child(),
    );
    this.account = this.vpc.ownerId;
    new DefaultSecurityGroup(
      name,
      { vpcId: this.vpc.id, ingress: [], egress: [], tags: tagged(context, `${demand.environment}-closed`) },
      this.child(),
    );
    const internet = new InternetGateway(
      name,
      { vpcId: this.vpc.id, tags: tagged(context, demand.environment) },
      this.child(),
    );
    const tier = (each: Tier) => this.zones.map((zone) => this.#subnet(name, context, { tier: each, zone, internet }));
    this.#tiers = {
      nodes: tier("nodes"),
      data: tier("data"),
      entry: tier("entry"),
      nat: tier("nat"),
      filter: tier("filter"),
    };
    this.registerOutputs();
  }

  tier(tier: Tier): readonly TierSubnet[] {
    return this.#tiers[tier];
  }

  subnetIds(tier: Tier): Output<string>[] {
    return this.#tiers[tier].map(({ subnet }) => subnet.id);
  }

  cidrs(tier: Tier): readonly string[] {
    return this.zones.map((zone) => zone[tier]);
  }

  #subnet(
    name: string,
    context: PlainContext,
    { tier, zone, internet }: { tier: Tier; zone: AwsZone; internet: InternetGateway },
  ): TierSubnet {
    const own = `${name}-${tier}-${zone.zone}`;
    const tags = tagged(context, `${context.demand.environment}-${tier}-${zone.zone}`);
    const subnet = new Subnet(
      own,
      {
        vpcId: this.vpc.id,
        cidrBlock: zone[tier],
        availabilityZone: zone.zone,
        mapPublicIpOnLaunch: false,
        tags,
      },
      slow(this.child()),
    );
    const routes = new RouteTable(own, { vpcId: this.vpc.id, tags }, this.child());
    new RouteTableAssociation(own, { subnetId: subnet.id, routeTableId: routes.id }, this.child());
    if (reachesInternet(tier, context.demand.entry.exposure)) {
      const route = { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: internet.id };
      new Route(`${own}-internet`, route, this.child());
    }
    return { zone, subnet, routes };
  }
}
