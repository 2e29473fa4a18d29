import { AlidnsRecord } from "@pulumi/alicloud/dns/alidnsRecord.js";
import { Zone } from "@pulumi/alicloud/pvtz/zone.js";
import { ZoneAttachment } from "@pulumi/alicloud/pvtz/zoneAttachment.js";
import { ZoneRecord } from "@pulumi/alicloud/pvtz/zoneRecord.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { AlibabaContext } from "./context.ts";
import { type Entry, hostOf } from "./entry.ts";
import type { Network } from "./network.ts";

const TTL_SECONDS = 60;

/** A name and the domain that it is in: `agents` of `company.com`. */
export interface SplitHost {
  readonly label: string;
  readonly domain: string;
}

/** The first label of a host and the rest. */
export function splitHost(host: string): SplitHost {
  const [label = "", ...rest] = host.split(".");
  return { label, domain: rest.join(".") };
}

/**
 * The name of the front door inside the network and, where it has an address of the internet, outside.
 *
 * Children: Zone, ZoneAttachment, ZoneRecord; AlidnsRecord where public. Cost: a private zone.
 * Checked by: test/unit/components/alibaba/dns.test.ts.
 */
export class Dns extends Component {
  constructor(
    name: string,
    args: { readonly context: AlibabaContext; readonly network: Network; readonly entry: Entry },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:alibaba:Dns", name, opts);
    const { context, network, entry } = args;
    const { label, domain } = splitHost(hostOf(context.demand));
    const target = { type: "CNAME", value: entry.loadBalancer.dnsName, ttl: TTL_SECONDS };
    const zone = new Zone(
      name,
      {
        zoneName: domain,
        // Other names of the domain are asked for outside; under B nobody is asked outside.
        proxyPattern: context.demand.architecture === "B" ? "ZONE" : "RECORD",
        tags: context.tags,
      },
      this.child(),
    );
    new ZoneAttachment(
      name,
      { zoneId: zone.id, vpcs: [{ vpcId: network.vpc.id, regionId: context.demand.region }] },
      this.child(),
    );
    new ZoneRecord(name, { zoneId: zone.id, rr: label, ...target }, this.child());
    if (context.publicEntry) {
      new AlidnsRecord(`${name}-public`, { domainName: domain, rr: label, ...target }, this.child());
    }
    this.registerOutputs();
  }
}
