import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { named, slow, type TencentContext } from "./context.ts";
import type { Logs } from "./logs.ts";
import type { Network } from "./network.ts";
import { CfwIpsModeSwitch } from "./sdk/cfw-ips-mode-switch.ts";
import { CfwNatInstance } from "./sdk/cfw-nat-instance.ts";
import { CfwNatPolicy } from "./sdk/cfw-nat-policy.ts";
import { Eip } from "./sdk/eip.ts";
import { NatGateway } from "./sdk/nat-gateway.ts";
import { RouteTableEntry } from "./sdk/route-table-entry.ts";
import { VpcFlowLog } from "./sdk/vpc-flow-log.ts";

/** Mbit/s of the firewall: the least that is sold. */
const FIREWALL_MBPS = 20;
/** Mbit/s of the address; billed by traffic, so that it costs nothing while nothing flows. */
const ADDRESS_MBPS = 100;

/** What the firewall's API calls directions, modes and states. */
const OUTBOUND = 0;
const BEFORE_EXISTING_NAT = 1;
const IN_TWO_ZONES = 1;
const STANDARD_NAT = 2;
/** What is an attack for sure is refused; the strict mode refuses what only looks like one (provider, cfw_ips_mode_switch). */
const INTERCEPT = 1;

/**
 * The way out: one address, one NAT gateway of the whole region, and before it a firewall that lets through requests to
 * exact host names over HTTPS, drops the rest, and refuses what it knows as an attack in what passes. Where nothing outside may be reached (architecture B, or no provider
 * and no audit destination), none of this exists, and no route leads out.
 *
 * Children: `${name}` (VpcFlowLog, and with hosts Eip, NatGateway, RouteTableEntry, CfwNatInstance, CfwIpsModeSwitch), `${name}-<host>` and
 * `${name}-rest` (CfwNatPolicy). Cost: NAT 0.089 USD an hour for a small one (2022-05-20); firewall by bandwidth, price
 * not known here. Checked by: test/unit/components/tencent/egress.test.ts.
 */
export class Egress extends Component {
  constructor(
    name: string,
    context: TencentContext,
    { network, logs }: { readonly network: Network; readonly logs: Logs },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:Egress", name, opts);
    new VpcFlowLog(
      name,
      {
        flowLogName: named(context, "flowLog", "flows"),
        resourceType: "VPC",
        resourceId: network.vpc,
        vpcId: network.vpc,
        trafficType: "ALL",
        storageType: "cls",
        cloudLogId: logs.topic("flows"),
        cloudLogRegion: context.demand.region,
        tags: context.tags,
      },
      this.child(),
    );
    const { architecture, egressHosts } = context.demand;
    if (architecture === "A" && egressHosts.length > 0) this.#open(name, context, network, egressHosts);
    this.registerOutputs();
  }

  #open(name: string, context: TencentContext, network: Network, hosts: readonly string[]): void {
    const address = new Eip(
      name,
      {
        name: named(context, "address", "egress"),
        internetChargeType: "TRAFFIC_POSTPAID_BY_HOUR",
        internetMaxBandwidthOut: ADDRESS_MBPS,
        tags: context.tags,
      },
      this.child(),
    );
    const gateway = new NatGateway(
      name,
      {
        name: named(context, "network", "egress"),
        vpcId: network.vpc,
        assignedEipSets: [address.publicIp],
        natProductVersion: STANDARD_NAT,
        tags: context.tags,
      },
      slow(this.child()),
    );
    const firewall = new CfwNatInstance(
      name,
      {
        name: named(context, "firewall", "egress"),
        mode: BEFORE_EXISTING_NAT,
        natGwLists: [gateway.id],
        width: FIREWALL_MBPS,
        zoneSets: context.zones.slice(0, 2),
        crossAZone: IN_TWO_ZONES,
      },
      slow(this.child()),
    );
    // One mode for all borders of the account.
    if (!context.demand.accountHas.includes("intrusion-prevention"))
      new CfwIpsModeSwitch(name, { mode: INTERCEPT }, this.child(firewall));
    const closed = this.#rules(name, context, firewall, hosts);
    // The route comes last: whatever leads out finds the rules in place.
    new RouteTableEntry(
      name,
      {
        routeTableId: network.nodeRoutes,
        destinationCidrBlock: "0.0.0.0/0",
        nextType: "NAT",
        nextHub: gateway.id,
        description: "providers and audit destinations",
      },
      this.child(closed),
    );
  }

  /** One rule after the other, because each new one goes behind those that are there; what drops the rest is the last. */
  #rules(name: string, context: TencentContext, firewall: Resource, hosts: readonly string[]): Resource {
    const from = { direction: OUTBOUND, sourceType: "net", sourceContent: context.demand.network.cidr, enable: "true" };
    const last = hosts.reduce<Resource>(
      (before, host) =>
        new CfwNatPolicy(
          `${name}-${host}`,
          {
            ...from,
            targetType: "domain",
            targetContent: host,
            protocol: "HTTPS",
            // Audit destinations answer at ports of their own; what counts is the name in the TLS greeting.
            port: "-1/-1",
            ruleAction: "accept",
            description: `Breakwater: ${host}`,
          },
          this.child([firewall, before]),
        ),
      firewall,
    );
    return new CfwNatPolicy(
      `${name}-rest`,
      {
        ...from,
        targetType: "net",
        targetContent: "0.0.0.0/0",
        protocol: "ANY",
        port: "-1/-1",
        ruleAction: "drop",
        description: "Breakwater: everything else",
      },
      this.child([firewall, last]),
    );
  }
}
