import { Instance } from "@pulumi/alicloud/bastionhost/instance.js";
import { SecurityGroup } from "@pulumi/alicloud/ecs/securityGroup.js";
import { SecurityGroupRule } from "@pulumi/alicloud/ecs/securityGroupRule.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept, slow } from "../resource-options.ts";
import { type AlibabaContext, named } from "./context.ts";
import type { Network } from "./network.ts";

/**
 * Where operators come to: its pages, sessions in the browser, SSH. Its fifth port is for Windows, which nothing here runs
 * (help of Cloud Firewall on Bastionhost, 2026-06-17, read 2026-12-01).
 */
const PORTS = [443, 9443, 20_045, 60_022] as const;

/** The edition with two engines, for fifty machines, and the plan that the provider's example buys it under (bastionhost.Instance of @pulumi/alicloud 3.108.0). */
const EDITION = { planCode: "cloudbastion", licenseCode: "bhah_ent_50_asset" } as const;

/** Beyond what the edition has, which is bought apart. */
const NOTHING_MORE = { bandwidth: "0", storage: "0" } as const;

/**
 * The host through which operators' sessions go and that records them, which MLPS asks for: in the mainland alone. It is
 * reached from the company's network and has no public address. Which machines and people it knows is entered into it. A
 * company may have one for everything it runs: `deployment.account_has` says so, and none is made.
 *
 * Children: `${name}` (Instance, SecurityGroup), a SecurityGroupRule for each range and port. Cost: a subscription by the
 * month, renewed by itself, price not known here. Checked by: test/unit/components/alibaba/bastion.test.ts.
 */
export class Bastion extends Component {
  constructor(
    name: string,
    { context, network }: { readonly context: AlibabaContext; readonly network: Network },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:alibaba:Bastion", name, opts);
    const { demand, zones, tags } = context;
    if (context.mainland && !demand.accountHas.includes("bastion-host")) {
      new Instance(
        name,
        {
          ...EDITION,
          ...NOTHING_MORE,
          description: named(context, "bastion", "bastion"),
          vswitchId: network.switchOf("edge", zones[0]).id,
          slaveVswitchId: network.switchOf("edge", zones[1]).id,
          securityGroupIds: [this.#walls(name, context, network).id],
          enablePublicAccess: false,
          period: 1,
          renewalStatus: "AutoRenewal",
          renewPeriod: 1,
          renewalPeriodUnit: "M",
          tags,
        },
        kept(slow(this.child())),
      );
    }
    this.registerOutputs();
  }

  /** The company's network, which operators come from; not this one, where agents are. */
  #walls(name: string, context: AlibabaContext, network: Network): SecurityGroup {
    const group = new SecurityGroup(
      name,
      {
        vpcId: network.vpc.id,
        securityGroupName: named(context, "securityGroup", "bastion"),
        description: "Operators, from the company's network alone.",
        innerAccessPolicy: "Drop",
        tags: context.tags,
      },
      this.child(),
    );
    for (const cidr of context.demand.network.companyCidrs) {
      for (const port of PORTS) {
        new SecurityGroupRule(
          `${name}-${cidr}-${port}`,
          {
            securityGroupId: group.id,
            type: "ingress",
            policy: "accept",
            ipProtocol: "tcp",
            portRange: `${port}/${port}`,
            cidrIp: cidr,
            description: "Operators.",
          },
          this.child(),
        );
      }
    }
    return group;
  }
}
