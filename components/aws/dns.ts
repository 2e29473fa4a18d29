import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import { ResolverFirewallConfig } from "@pulumi/aws/route53/resolverFirewallConfig.js";
import { ResolverFirewallDomainList } from "@pulumi/aws/route53/resolverFirewallDomainList.js";
import { ResolverFirewallRule } from "@pulumi/aws/route53/resolverFirewallRule.js";
import { ResolverFirewallRuleGroup } from "@pulumi/aws/route53/resolverFirewallRuleGroup.js";
import { ResolverFirewallRuleGroupAssociation } from "@pulumi/aws/route53/resolverFirewallRuleGroupAssociation.js";
import { Zone } from "@pulumi/aws/route53/zone.js";
import type { Input } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { kept } from "../resource-options.ts";
import { named, type PlainContext, tagged } from "./context.ts";
import type { Network } from "./network.ts";
import { partitionOf } from "./offer.ts";

/** A load balancer, as an alias names it. */
export interface AliasTarget {
  readonly name: Input<string>;
  readonly zoneId: Input<string>;
}

/**
 * Names: the zone in which the entry's certificate is proven, the zone that people find the entry in, and what the
 * network may ask for. Questions for names outside the list get no answer, so that no data leaves inside them.
 *
 * Children: `${name}` (public Zone), `${name}-internal` (private Zone of an internal entry), Record, two domain lists, two
 * rules, rule group, association, ResolverFirewallConfig. Cost: 0.5 USD a zone and month (us-east-1, 2024-07-01) and the
 * DNS firewall by names and questions. Checked by: test/unit/components/aws/network.test.ts.
 */
export class Dns extends Component {
  /** Public: certificates are proven in it. The company's own DNS delegates the host to its name servers. */
  readonly zone: Zone;
  readonly #name: string;
  readonly #internal: Zone | undefined;

  constructor(
    name: string,
    context: PlainContext,
    { network, host }: { readonly network: Network; readonly host: string },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:aws:Dns", name, opts);
    this.#name = name;
    const tags = tagged(context, host);
    this.zone = new Zone(
      name,
      { name: host, comment: "Breakwater: proof of the certificate", tags },
      kept(this.child()),
    );
    this.#internal =
      context.demand.entry.exposure === "internal"
        ? new Zone(`${name}-internal`, { name: host, vpcs: [{ vpcId: network.vpc.id }], tags }, this.child())
        : undefined;
    this.#questions(name, context, network);
    this.registerOutputs();
  }

  /** Lets the host lead to the entry. */
  point(host: string, target: AliasTarget): void {
    const { zoneId } = this.#internal ?? this.zone;
    const aliases = [{ name: target.name, zoneId: target.zoneId, evaluateTargetHealth: true }];
    new DnsRecord(this.#name, { zoneId, name: host, type: "A", aliases }, this.child());
  }

  #questions(name: string, context: PlainContext, network: Network): void {
    const tags = { ...context.tags };
    const label = named(context, "resolver", "names");
    const group = new ResolverFirewallRuleGroup(name, { name: label, tags }, this.child());
    const rule = (role: "allowed" | "everything", priority: number, domains: readonly string[], action: object) => {
      const list = new ResolverFirewallDomainList(
        `${name}-${role}`,
        { name: named(context, "resolver", role), domains: [...domains], tags },
        this.child(),
      );
      new ResolverFirewallRule(
        `${name}-${role}`,
        {
          name: named(context, "resolver", role),
          firewallRuleGroupId: group.id,
          firewallDomainListId: list.id,
          priority,
          action: "ALLOW",
          ...action,
        },
        this.child(),
      );
    };
    // An allowed name may lead on to others, as those behind a content network do.
    const follow = { firewallDomainRedirectionAction: "TRUST_REDIRECTION_DOMAIN" };
    rule("allowed", 100, allowedQuestions(context.demand), { action: "ALLOW", ...follow });
    rule("everything", 200, ["*."], { action: "BLOCK", blockResponse: "NXDOMAIN" });
    new ResolverFirewallRuleGroupAssociation(
      name,
      {
        name: label,
        firewallRuleGroupId: group.id,
        vpcId: network.vpc.id,
        // 101 is the first that an account may use.
        priority: 101,
        mutationProtection: "ENABLED",
        tags,
      },
      this.child(),
    );
    new ResolverFirewallConfig(name, { resourceId: network.vpc.id, firewallFailOpen: "DISABLED" }, this.child());
  }
}

/** Names that the network may ask for: where its models are, AWS in this region, its own, and nothing else. */
export function allowedQuestions({ egressHosts, region, entry }: Demand): readonly string[] {
  const { dnsSuffix } = partitionOf(region);
  const own = entry.host === undefined ? [] : [entry.host];
  return [
    ...egressHosts,
    ...own,
    `*.${region}.${dnsSuffix}`,
    `*.${region}.eks.${dnsSuffix}`,
    `*.${region}.rds.${dnsSuffix}`,
    `eks-auth.${region}.api.${dnsSuffix === "amazonaws.com" ? "aws" : "amazonwebservices.com.cn"}`,
    region === "us-east-1" ? "*.ec2.internal" : `*.${region}.compute.internal`,
  ];
}
