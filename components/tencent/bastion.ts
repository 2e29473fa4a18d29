import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { subnetsOf } from "../subnets.ts";
import { slow, type TencentContext } from "./context.ts";
import type { Network } from "./network.ts";
import { BhResource } from "./sdk/bh-resource.ts";

/** Machines that it may know: the number of the provider's own example, whose page names no other. */
const MACHINES = 20;

const PREPAID = 1;
const ON = 1;
const OFF = 0;

/**
 * The host through which operators' sessions go and that records them, which MLPS asks for. It is reached inside the network
 * and has no public address. Which machines and people it knows is entered into it. A company may have one for everything it
 * runs: `deployment.account_has` says so, and none is made.
 *
 * Children: `${name}` (BhResource), which the provider cannot delete. Cost: a subscription by the month, renewed by itself,
 * price not known here. Checked by: test/unit/components/tencent/bastion.test.ts.
 */
export class Bastion extends Component {
  constructor(
    name: string,
    { demand, zones }: TencentContext,
    { network }: { readonly network: Network },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:Bastion", name, opts);
    if (!demand.accountHas.includes("bastion-host")) {
      new BhResource(
        name,
        {
          deployRegion: demand.region,
          deployZone: zones[0],
          vpcId: network.vpc,
          vpcCidrBlock: demand.network.cidr,
          subnetId: network.subnets("edge")[0],
          cidrBlock: subnetsOf(demand.network.cidr)[0].edge,
          resourceEdition: "standard",
          resourceNode: MACHINES,
          payMode: PREPAID,
          timeUnit: "m",
          timeSpan: 1,
          autoRenewFlag: ON,
          intranetAccess: ON,
          externalAccess: OFF,
        },
        kept(slow(this.child())),
      );
    }
    this.registerOutputs();
  }
}
