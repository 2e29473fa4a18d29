import { Eip } from "@pulumi/aws/ec2/eip.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { Firewall } from "@pulumi/aws/networkfirewall/firewall.js";
import { FirewallPolicy } from "@pulumi/aws/networkfirewall/firewallPolicy.js";
import { LoggingConfiguration } from "@pulumi/aws/networkfirewall/loggingConfiguration.js";
import { RuleGroup } from "@pulumi/aws/networkfirewall/ruleGroup.js";
import type { output } from "@pulumi/aws/types/index.js";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { slow } from "../resource-options.ts";
import { type AwsContext, named, tagged } from "./context.ts";
import { allowedNames, onlyTcp } from "./egress-rules.ts";
import type { Keys } from "./keys.ts";
import type { Logs } from "./logs.ts";
import type { Network, TierSubnet } from "./network.ts";

/** What the way out needs. */
export interface EgressArgs {
  readonly network: Network;
  readonly keys: Keys;
  readonly logs: Logs;
}

/**
 * The one way out of the network, zone by zone: nodes -> filter -> NAT -> internet, and back the same way. The filter lets
 * TLS pass whose server name is one of the environment's exact names, and drops and writes down everything else. It reads
 * the name that the client sends; it does not open the connection.
 *
 * Children: two RuleGroups, FirewallPolicy, `${name}` (Firewall), LoggingConfiguration, and for each zone Eip, NatGateway
 * and the Routes. Cost: 3 endpoints of the filter at 0.395 USD an hour and 3 NATs at 0.045, and 0.065 and 0.045 a GB
 * (us-east-1, 2024-07-01). Checked by: test/unit/components/aws/network.test.ts.
 */
export class Egress extends Component {
  constructor(name: string, context: AwsContext, args: EgressArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Egress", name, opts);
    const filter = this.#filter(name, context, args);
    for (const nodes of args.network.tier("nodes")) this.#zone(name, context, { ...args, nodes, filter });
    this.registerOutputs();
  }

  #filter(name: string, context: AwsContext, { network, keys, logs }: EgressArgs): Firewall {
    const { demand } = context;
    const encryptionConfiguration = { type: "CUSTOMER_KMS", keyId: keys.of("logs").arn };
    const sources = network.cidrs("nodes");
    const group = (role: "names" | "tcp", rules: ReturnType<typeof allowedNames> | ReturnType<typeof onlyTcp>) =>
      new RuleGroup(
        `${name}-${role}`,
        {
          ...rules,
          name: named(context, "firewall", `egress-${role}`),
          encryptionConfiguration,
          tags: { ...context.tags },
        },
        this.child(),
      );
    const names = group("names", allowedNames(demand.egressHosts, sources));
    const tcp = group("tcp", onlyTcp(sources));
    const policy = new FirewallPolicy(
      name,
      {
        name: named(context, "firewall", "egress"),
        firewallPolicy: {
          statelessDefaultActions: ["aws:drop"],
          statelessFragmentDefaultActions: ["aws:drop"],
          statelessRuleGroupReferences: [{ priority: 1, resourceArn: tcp.arn }],
          statefulEngineOptions: { ruleOrder: "STRICT_ORDER", streamExceptionPolicy: "DROP" },
          // The handshake of TCP passes, because the name comes after it; nothing of a connection without such a name does.
          statefulDefaultActions: ["aws:drop_established", "aws:alert_established"],
          statefulRuleGroupReferences: [{ priority: 1, resourceArn: names.arn }],
        },
        encryptionConfiguration,
        tags: { ...context.tags },
      },
      this.child(),
    );
    const firewall = new Firewall(
      name,
      {
        name: named(context, "firewall", "egress"),
        vpcId: network.vpc.id,
        subnetMappings: network.subnetIds("filter").map((subnetId) => ({ subnetId })),
        firewallPolicyArn: policy.arn,
        deleteProtection: true,
        firewallPolicyChangeProtection: false,
        subnetChangeProtection: true,
        encryptionConfiguration,
        tags: tagged(context, named(context, "firewall", "egress")),
      },
      slow(this.child()),
    );
    const to = (logType: "ALERT" | "FLOW") => ({
      logType,
      logDestinationType: "CloudWatchLogs",
      logDestination: { logGroup: logs.group("egress").name },
    });
    new LoggingConfiguration(
      name,
      { firewallArn: firewall.arn, loggingConfiguration: { logDestinationConfigs: [to("ALERT"), to("FLOW")] } },
      this.child(logs.group("egress")),
    );
    return firewall;
  }

  #zone(
    name: string,
    context: AwsContext,
    { network, nodes, filter }: EgressArgs & { nodes: TierSubnet; filter: Firewall },
  ): void {
    const { zone } = nodes.zone;
    const own = `${name}-${zone}`;
    const inZone = (tier: "nat" | "filter") => found(network.tier(tier), zone);
    const tags = tagged(context, `${context.demand.environment}-nat-${zone}`);
    const address = new Eip(own, { domain: "vpc", tags }, this.child());
    const nat = new NatGateway(
      own,
      { allocationId: address.id, subnetId: inZone("nat").subnet.id, connectivityType: "public", tags },
      this.child(),
    );
    const endpoint = filter.firewallStatuses.apply((statuses) => endpointIn(statuses, zone));
    const route = (
      role: string,
      from: TierSubnet,
      to: { natGatewayId: Output<string> } | { vpcEndpointId: Output<string> },
    ) =>
      new Route(
        `${own}-${role}`,
        {
          routeTableId: from.routes.id,
          destinationCidrBlock: role === "back" ? nodes.zone.nodes : "0.0.0.0/0",
          ...to,
        },
        this.child(),
      );
    route("out", nodes, { vpcEndpointId: endpoint });
    route("filtered", inZone("filter"), { natGatewayId: nat.id });
    route("back", inZone("nat"), { vpcEndpointId: endpoint });
  }
}

function found(subnets: readonly TierSubnet[], zone: string): TierSubnet {
  const subnet = subnets.find((each) => each.zone.zone === zone);
  if (subnet === undefined) throw new Error(`no subnet in ${zone}`);
  return subnet;
}

/** The filter's endpoint in a zone, once it is made. */
export function endpointIn(statuses: readonly output.networkfirewall.FirewallFirewallStatus[], zone: string): string {
  const state = statuses.flatMap(({ syncStates }) => syncStates).find((each) => each.availabilityZone === zone);
  const endpoint = state?.attachments[0]?.endpointId;
  if (endpoint === undefined) throw new Error(`the egress filter has no endpoint in ${zone}`);
  return endpoint;
}
