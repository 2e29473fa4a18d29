import { AddressBook } from "@pulumi/alicloud/cloudfirewall/addressBook.js";
import { IpsConfig } from "@pulumi/alicloud/cloudfirewall/ipsConfig.js";
import { NatFirewall } from "@pulumi/alicloud/cloudfirewall/natFirewall.js";
import { NatFirewallControlPolicy } from "@pulumi/alicloud/cloudfirewall/natFirewallControlPolicy.js";
import { EipAddress } from "@pulumi/alicloud/ecs/eipAddress.js";
import { EipAssociation } from "@pulumi/alicloud/ecs/eipAssociation.js";
import { NatGateway } from "@pulumi/alicloud/vpc/natGateway.js";
import { SnatEntry } from "@pulumi/alicloud/vpc/snatEntry.js";
import { Switch } from "@pulumi/alicloud/vpc/switch.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { type AlibabaContext, named } from "./context.ts";
import type { Network } from "./network.ts";
import { firewallCidr } from "./zones.ts";

/** Megabits a second of the one address; traffic is what is paid for. */
const BANDWIDTH_MBPS = "100";

/** What Cloud Firewall calls refusing and the middle of its three groups of rules (@pulumi/alicloud 3.108.0, read 2026-11-30). */
const INTERCEPT = 1;
const MEDIUM = 2;
const ON = 1;

/**
 * The one way out, of architecture A alone: the vSwitches of the nodes go to a NAT gateway that works from any zone,
 * through a firewall that lets them reach the named hosts by TLS and nothing else.
 *
 * Children: NatGateway, EipAddress, EipAssociation, SnatEntry for each zone, Switch, NatFirewall, IpsConfig, AddressBook, two
 * NatFirewallControlPolicies. Needs the account's Cloud Firewall, of which an account has one.
 * Cost: NAT gateway 0.034 USD an hour (facts of 2026-11-23), traffic, Cloud Firewall (no price known).
 * Checked by: test/unit/components/alibaba/egress.test.ts.
 */
export class Egress extends Component {
  /** What must be there before a node is: the deny rule. */
  readonly closed: Resource;

  constructor(
    name: string,
    args: { readonly context: AlibabaContext; readonly network: Network },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:alibaba:Egress", name, opts);
    const { context, network } = args;
    const nat = this.#gateway(name, context, network);
    const routes = this.#addresses(name, context, { network, nat });
    const firewall = this.#firewall(name, context, { network, nat, routes });
    if (!context.demand.accountHas.includes("intrusion-prevention")) this.#prevention(name, firewall);
    this.closed = this.#rules(name, context, { nat, firewall });
    this.registerOutputs();
  }

  #gateway(name: string, context: AlibabaContext, network: Network): NatGateway {
    return new NatGateway(
      name,
      {
        natGatewayName: named(context, "network", "nat"),
        vpcId: network.vpc.id,
        vswitchId: network.switchOf("edge", context.zones[0]).id,
        natType: "Enhanced",
        networkType: "internet",
        availabilityMode: "CrossAZ",
        paymentType: "PayAsYouGo",
        internetChargeType: "PayByLcu",
        eipBindMode: "NAT",
        deletionProtection: true,
        tags: context.tags,
      },
      this.child(),
    );
  }

  #addresses(
    name: string,
    context: AlibabaContext,
    { network, nat }: { network: Network; nat: NatGateway },
  ): readonly SnatEntry[] {
    const address = new EipAddress(
      `${name}-address`,
      {
        addressName: named(context, "network", "nat"),
        bandwidth: BANDWIDTH_MBPS,
        internetChargeType: "PayByTraffic",
        paymentType: "PayAsYouGo",
        tags: context.tags,
      },
      this.child(),
    );
    const bound = new EipAssociation(
      `${name}-address`,
      { allocationId: address.id, instanceId: nat.id, instanceType: "Nat" },
      this.child(),
    );
    return context.zones.map(
      (zone) =>
        new SnatEntry(
          `${name}-${zone.zone}`,
          {
            snatTableId: nat.snatTableIds,
            snatIp: address.ipAddress,
            sourceVswitchId: network.switchOf("nodes", zone).id,
            snatEntryName: named(context, "network", `snat-${zone.zone}`),
          },
          this.child(bound),
        ),
    );
  }

  #firewall(
    name: string,
    context: AlibabaContext,
    { network, nat, routes }: { network: Network; nat: NatGateway; routes: readonly SnatEntry[] },
  ): NatFirewall {
    const { demand, zones } = context;
    const own = new Switch(
      `${name}-firewall`,
      {
        vpcId: network.vpc.id,
        zoneId: zones[0].zone,
        cidrBlock: firewallCidr(demand),
        vswitchName: named(context, "network", "firewall"),
        tags: context.tags,
      },
      this.child(),
    );
    return new NatFirewall(
      name,
      {
        proxyName: named(context, "firewall", "nat"),
        regionNo: demand.region,
        vpcId: network.vpc.id,
        vswitchId: own.id,
        vswitchAuto: "false",
        natGatewayId: nat.id,
        natRouteEntryLists: [
          {
            routeTableId: network.vpc.routeTableId,
            destinationCidr: "0.0.0.0/0",
            nexthopId: nat.id,
            nexthopType: "NatGateway",
          },
        ],
        firewallSwitch: "open",
        // What the firewall cannot name is denied, not let through.
        strictMode: 1,
      },
      this.child([...routes]),
    );
  }

  /** What passes is looked into as far as it can be read, and what is an attack is refused. One setting for the account. */
  #prevention(name: string, firewall: NatFirewall): void {
    new IpsConfig(
      name,
      { runMode: INTERCEPT, ruleClass: MEDIUM, basicRules: ON, patchRules: ON, ctiRules: ON, lang: "en" },
      this.child(firewall),
    );
  }

  #rules(name: string, context: AlibabaContext, { nat, firewall }: { nat: NatGateway; firewall: NatFirewall }) {
    const { demand } = context;
    const hosts = new AddressBook(
      `${name}-hosts`,
      {
        groupName: named(context, "addressBook", "hosts"),
        groupType: "domain",
        description: "Exact names that the platform may reach outside.",
        addressLists: [...demand.egressHosts],
      },
      this.child(),
    );
    const from = { natGatewayId: nat.id, direction: "out", source: demand.network.cidr, sourceType: "net" };
    const allowed = new NatFirewallControlPolicy(
      `${name}-hosts`,
      {
        ...from,
        newOrder: "1",
        aclAction: "accept",
        description: "TLS to the named hosts.",
        destination: hosts.groupName,
        destinationType: "group",
        proto: "TCP",
        applicationNameLists: ["HTTPS", "SSL"],
        destPortType: "port",
        destPort: "0/0",
        // By the name inside TLS, not by what DNS says of it: several services share an address.
        domainResolveType: 0,
      },
      this.child(firewall),
    );
    return new NatFirewallControlPolicy(
      `${name}-rest`,
      {
        ...from,
        newOrder: "2",
        aclAction: "drop",
        description: "Everything else.",
        destination: "0.0.0.0/0",
        destinationType: "net",
        proto: "ANY",
        applicationNameLists: ["ANY"],
        destPortType: "port",
        destPort: "0/0",
      },
      this.child(allowed),
    );
  }
}
