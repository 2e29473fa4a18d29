import { refuse } from "@breakwater/runtime/problems";
import { formatCidr, parseCidr, subnet } from "../cidr.ts";
import type { Demand } from "../demand.ts";
import { subnetsOf, type ZoneSubnets } from "../subnets.ts";
import { alibabaOffer } from "./offer.ts";

/** A zone with the ranges of its three vSwitches. */
export interface AlibabaZone extends ZoneSubnets {
  /** Such as `cn-hangzhou-i`. */
  readonly zone: string;
}

/**
 * The three zones of an environment with their ranges.
 *
 * @throws ProblemError `alibaba/unknown-zones`
 */
export function zonesOf({
  zones,
  region,
  network,
}: Pick<Demand, "zones" | "region" | "network">): readonly [AlibabaZone, AlibabaZone, AlibabaZone] {
  const [first, second, third] = zones ?? alibabaOffer.regions[region]?.zones ?? [];
  if (first === undefined || second === undefined || third === undefined) {
    return refuse({
      code: "alibaba/unknown-zones",
      path: "network.zones",
      got: `no zones for region ${region}`,
      expected: "three zones of the region",
      remedy: "name them, as your account shows them",
    });
  }
  const [a, b, c] = subnetsOf(network.cidr);
  return [
    { zone: first, ...a },
    { zone: second, ...b },
    { zone: third, ...c },
  ];
}

/** Range of the border firewall's own vSwitch: the quarter of the edge that no zone uses. */
export function firewallCidr({ network }: Pick<Demand, "network">): string {
  const whole = parseCidr(network.cidr);
  const rest = subnet(whole, whole.bits + 2, 3);
  const edges = subnet(rest, rest.bits + 2, 3);
  return formatCidr(subnet(edges, edges.bits + 2, 3));
}
