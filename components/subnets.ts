import { formatCidr, parseCidr, subnet } from "./cidr.ts";

/** Ranges of one zone. */
export interface ZoneSubnets {
  /** Nodes and, where pods have addresses of the network, pods. */
  readonly nodes: string;
  /** Databases, file systems, private endpoints. */
  readonly data: string;
  /** Load balancers and NAT: the only ones with a way to the internet, and empty under B. */
  readonly edge: string;
}

/**
 * How a network is divided for three zones: a quarter of it for the nodes of each zone, and of the last quarter for each
 * zone a sixteenth of the network for data and a sixty-fourth for the edge.
 *
 * @param cidr `/16` to `/20`.
 */
export function subnetsOf(cidr: string): readonly [ZoneSubnets, ZoneSubnets, ZoneSubnets] {
  const network = parseCidr(cidr);
  const rest = subnet(network, network.bits + 2, 3);
  const edges = subnet(rest, rest.bits + 2, 3);
  const zone = (index: number): ZoneSubnets => ({
    nodes: formatCidr(subnet(network, network.bits + 2, index)),
    data: formatCidr(subnet(rest, rest.bits + 2, index)),
    edge: formatCidr(subnet(edges, edges.bits + 2, index)),
  });
  return [zone(0), zone(1), zone(2)];
}
