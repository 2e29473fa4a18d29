import { formatCidr, parseCidr, subnet } from "../cidr.ts";
import type { Demand } from "../demand.ts";
import { subnetsOf } from "../subnets.ts";
import { awsOffer } from "./offer.ts";

/** Ranges of one zone on AWS, where the edge is three subnets: return traffic of NAT must pass the filter, a load balancer's must not. */
export interface AwsZone {
  readonly zone: string;
  readonly nodes: string;
  readonly data: string;
  /** Load balancer. */
  readonly entry: string;
  /** NAT gateway. */
  readonly nat: string;
  /** Endpoint of the egress filter. */
  readonly filter: string;
}

/** The three zones of an environment with their ranges; the edge is divided in a half and two quarters, /28 at least. */
export function zonesOf({ zones, region, network }: Pick<Demand, "zones" | "region" | "network">): readonly AwsZone[] {
  const names = zones ?? awsOffer.regions[region]?.zones ?? [];
  const parts = subnetsOf(network.cidr);
  return names.flatMap((zone, index) => {
    const part = parts[index];
    if (part === undefined) return [];
    const edge = parseCidr(part.edge);
    return [
      {
        zone,
        nodes: part.nodes,
        data: part.data,
        entry: formatCidr(subnet(edge, edge.bits + 1, 0)),
        nat: formatCidr(subnet(edge, edge.bits + 2, 2)),
        filter: formatCidr(subnet(edge, edge.bits + 2, 3)),
      },
    ];
  });
}

/** Ranges that AWS suggests for Services; the first one that the network does not need. */
export function serviceCidr({ network }: Pick<Demand, "network">): "172.20.0.0/16" | "10.100.0.0/16" {
  return network.cidr.startsWith("172.20.") ? "10.100.0.0/16" : "172.20.0.0/16";
}
