import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { NodePool } from "../demand.ts";
import { kept } from "../resource-options.ts";
import { named, type TencentContext } from "./context.ts";
import { CwpAutoOpenProversionConfig } from "./sdk/cwp-auto-open-proversion-config.ts";
import { CwpLicenseOrder } from "./sdk/cwp-license-order.ts";

/** Professional edition, by use. Orders go to Guangzhou from every region, which is the provider's own choice (cwp_license_order). */
const PROFESSIONAL_BY_USE = 0;

/** Licenses for every node that there can be. */
export function licensesOf(pools: readonly NodePool[]): number {
  return pools.reduce((sum, { max }) => sum + max, 0);
}

/**
 * Who looks for trouble on the nodes: licenses of host security for as many as there can be, and the order that machines
 * get one as they appear. Host security is one for an account: where it has that already, `deployment.account_has` says so,
 * and neither is made.
 *
 * Children: `${name}` (CwpLicenseOrder, CwpAutoOpenProversionConfig). Cost: by machine and day, price not known here.
 * Checked by: test/unit/components/tencent/threat-detection.test.ts.
 */
export class ThreatDetection extends Component {
  constructor(name: string, context: TencentContext, opts?: ComponentResourceOptions) {
    super("breakwater:tencent:ThreatDetection", name, opts);
    if (!context.demand.accountHas.includes("threat-detection")) {
      const order = new CwpLicenseOrder(
        name,
        {
          alias: named(context, "license", "nodes"),
          licenseType: PROFESSIONAL_BY_USE,
          licenseNum: licensesOf(context.demand.pools),
          tags: context.tags,
        },
        kept(this.child()),
      );
      new CwpAutoOpenProversionConfig(
        name,
        { status: "OPEN", protectType: "PROVERSION_POSTPAY", autoRepurchaseSwitch: 0 },
        this.child(order),
      );
    }
    this.registerOutputs();
  }
}
