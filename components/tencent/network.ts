import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { FRONT_DOOR_PORT, POSTGRES_PORT } from "../names.ts";
import { subnetsOf, type ZoneSubnets } from "../subnets.ts";
import { named, type TencentContext } from "./context.ts";
import { SERVICE_CIDR } from "./offer.ts";
import { RouteTable } from "./sdk/route-table.ts";
import { SecurityGroup } from "./sdk/security-group.ts";
import { SecurityGroupRuleSet, type SecurityGroupRuleSetIngress } from "./sdk/security-group-rule-set.ts";
import { Subnet } from "./sdk/subnet.ts";
import { Vpc } from "./sdk/vpc.ts";

/** Link-local: metadata of the machine, the managed API server, some of the cloud's own services. */
const LINK_LOCAL_CIDR = "169.254.0.0/16";
/** From where load balancers come to their backends, and where more of the cloud's own services answer. */
export const CLOUD_CIDR = "100.64.0.0/10";

/** What a way to an outside model leaves out. */
export function internalCidrsOf({ demand }: TencentContext): readonly string[] {
  return [demand.network.cidr, SERVICE_CIDR, LINK_LOCAL_CIDR, CLOUD_CIDR, ...demand.network.companyCidrs];
}

/** Who may come to the front door: whom the environment names, else the company and the network itself. */
export function clientsOf({ demand }: TencentContext): readonly string[] {
  const { allowedCidrs } = demand.entry;
  return allowedCidrs.length > 0 ? allowedCidrs : [...demand.network.companyCidrs, demand.network.cidr];
}

type Tier = keyof ZoneSubnets;

/**
 * The network: three tiers in three zones. No subnet gives its machines a public address, and only that of the nodes has
 * a default route, when something outside may be reached at all (egress.ts).
 *
 * There are no endpoints for the cloud's own services: COS, CLS, KMS and the cluster's API answer at addresses inside
 * the region, and the registry is attached to the network (registry.ts).
 *
 * Children: `${name}` (Vpc), `${name}-<tier>` (RouteTable), `${name}-<tier>-<zone>` (Subnet), `${name}-<group>`
 * (SecurityGroup, SecurityGroupRuleSet). Cost: none. Checked by: test/unit/components/tencent/network.test.ts.
 */
export class Network extends Component {
  readonly vpc: Output<string>;
  /** The route table of the nodes' tier. */
  readonly nodeRoutes: Output<string>;
  readonly groups: Readonly<Record<"nodes" | "database" | "entry", Output<string>>>;
  readonly #subnets: Readonly<Record<Tier, readonly Subnet[]>>;

  constructor(name: string, context: TencentContext, opts?: ComponentResourceOptions) {
    super("breakwater:tencent:Network", name, opts);
    const vpc = new Vpc(
      name,
      {
        name: named(context, "network", "network"),
        cidrBlock: context.demand.network.cidr,
        isMulticast: false,
        tags: context.tags,
      },
      this.child(),
    );
    this.vpc = vpc.id;
    const nodes = this.#tier(name, context, "nodes");
    const data = this.#tier(name, context, "data");
    const edge = this.#tier(name, context, "edge");
    this.nodeRoutes = nodes.routes;
    this.#subnets = { nodes: nodes.subnets, data: data.subnets, edge: edge.subnets };
    this.groups = {
      nodes: this.#group(name, context, "nodes", nodeRules(context), "ACCEPT"),
      database: this.#group(name, context, "database", databaseRules(context), "DROP"),
      entry: this.#group(name, context, "entry", entryRules(context), "ACCEPT"),
    };
    this.registerOutputs();
  }

  /** Identifiers of a tier's subnets, in the order of the zones. */
  subnets(tier: Tier): readonly [Output<string>, Output<string>, Output<string>] {
    const [first, second, third] = this.#subnets[tier];
    if (first === undefined || second === undefined || third === undefined) throw new Error(`tier ${tier} has no zone`);
    return [first.id, second.id, third.id];
  }

  #tier(name: string, context: TencentContext, tier: Tier) {
    const routes = new RouteTable(
      `${name}-${tier}`,
      { name: named(context, "network", tier), vpcId: this.vpc, tags: context.tags },
      this.child(),
    );
    const ranges = subnetsOf(context.demand.network.cidr);
    const subnets = context.zones.map(
      (zone, index) =>
        new Subnet(
          `${name}-${tier}-${zone}`,
          {
            name: named(context, "network", `${tier}-${zone}`),
            vpcId: this.vpc,
            availabilityZone: zone,
            cidrBlock: ranges[index]?.[tier] ?? "",
            routeTableId: routes.id,
            isMulticast: false,
            tags: context.tags,
          },
          this.child(),
        ),
    );
    return { routes: routes.id, subnets };
  }

  #group(
    name: string,
    context: TencentContext,
    role: string,
    ingresses: readonly SecurityGroupRuleSetIngress[],
    outwards: "ACCEPT" | "DROP",
  ): Output<string> {
    const group = new SecurityGroup(
      `${name}-${role}`,
      { name: named(context, "securityGroup", role), description: `Breakwater: ${role}`, tags: context.tags },
      this.child(),
    );
    const everything = { cidrBlock: "0.0.0.0/0", protocol: "ALL", port: "ALL" };
    new SecurityGroupRuleSet(
      `${name}-${role}`,
      {
        securityGroupId: group.id,
        // The first rule that fits holds; what none lets in stays out.
        ingresses: [...ingresses, { ...everything, action: "DROP", description: "everything else" }],
        egresses: [{ ...everything, action: outwards, description: "out: routes and the border firewall decide" }],
      },
      this.child(),
    );
    return group.id;
  }
}

function accept(cidrBlock: string, port: string, description: string): SecurityGroupRuleSetIngress {
  return { action: "ACCEPT", cidrBlock, protocol: port === "ALL" ? "ALL" : "TCP", port, description };
}

/** Pods have addresses of the network and their own walls (NetworkPolicy); load balancers come from the cloud's range. */
function nodeRules({ demand }: TencentContext): readonly SecurityGroupRuleSetIngress[] {
  return [
    accept(demand.network.cidr, "ALL", "nodes and pods"),
    accept(CLOUD_CIDR, String(FRONT_DOOR_PORT), "load balancer"),
  ];
}

/** The nodes' subnets and nothing else: not the edge, not the company's network. */
function databaseRules({ demand }: TencentContext): readonly SecurityGroupRuleSetIngress[] {
  return subnetsOf(demand.network.cidr).map(({ nodes }) => accept(nodes, String(POSTGRES_PORT), "pods"));
}

function entryRules(context: TencentContext): readonly SecurityGroupRuleSetIngress[] {
  return clientsOf(context).map((cidr) => accept(cidr, String(FRONT_DOOR_PORT), "clients"));
}
