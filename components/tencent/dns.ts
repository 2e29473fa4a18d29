import type { Input } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { TencentContext } from "./context.ts";
import type { Network } from "./network.ts";
import { PrivateDnsRecord } from "./sdk/private-dns-record.ts";
import { PrivateDnsZone } from "./sdk/private-dns-zone.ts";

/** Seconds that resolvers keep the answer. */
const TTL_SECONDS = 60;

/**
 * The front door's name inside the network: a private zone of exactly this name, so that no other name of the company is
 * hidden by it. In the company's own DNS, and on the internet for a public entry, the company writes the record.
 *
 * Children: `${name}` (PrivateDnsZone, PrivateDnsRecord). Cost: by zone, price not known here.
 * Checked by: test/unit/components/tencent/entry.test.ts.
 */
export class FrontDoorName extends Component {
  constructor(
    name: string,
    context: TencentContext,
    { host, address, network }: { readonly host: string; readonly address: Input<string>; readonly network: Network },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:FrontDoorName", name, opts);
    const zone = new PrivateDnsZone(
      name,
      {
        domain: host,
        vpcSets: [{ region: context.demand.region, uniqVpcId: network.vpc }],
        dnsForwardStatus: "DISABLED",
        tags: context.tags,
      },
      this.child(),
    );
    new PrivateDnsRecord(
      name,
      { zoneId: zone.id, recordType: "A", subDomain: "@", recordValue: address, ttl: TTL_SECONDS },
      this.child(),
    );
    this.registerOutputs();
  }
}
