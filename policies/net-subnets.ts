import { z } from "zod";
import type { Plan } from "./rule.ts";

/** What a subnet is for; `other` are those of NAT gateways and firewalls. */
export type Tier = "workloads" | "database" | "entry" | "other";

/** A planned subnet of any cloud. */
export interface Subnet {
  readonly urn: string;
  readonly tier: Tier;
  readonly zone: string;
  readonly cidr: string;
}

/** Types of subnets. */
export const SUBNET_TYPES = [
  "aws:ec2/subnet:Subnet",
  "alicloud:vpc/switch:Switch",
  "tencentcloud:index/subnet:Subnet",
] as const;

const shape = z.object({
  availabilityZone: z.string().optional(),
  zoneId: z.string().optional(),
  cidrBlock: z.string(),
});

const TIERS: Readonly<Record<string, Tier>> = {
  nodes: "workloads",
  data: "database",
  entry: "entry",
  edge: "entry",
};

/** Every planned subnet. Names are `<what>-<tier>-<zone>`; physical names can be cut to a cloud's length, these are not. */
export function subnetsOf(plan: Plan): readonly Subnet[] {
  return plan.ofType(...SUBNET_TYPES).map(({ urn, name, props }) => {
    const { availabilityZone, zoneId, cidrBlock } = shape.parse(props);
    const zone = availabilityZone ?? zoneId ?? "";
    const word =
      name
        .slice(0, -(zone.length + 1))
        .split("-")
        .at(-1) ?? "";
    return { urn, tier: name.endsWith(`-${zone}`) ? (TIERS[word] ?? "other") : "other", zone, cidr: cidrBlock };
  });
}

/** Zones in which a tier has a subnet. */
export function zonesOf(subnets: readonly Subnet[], tier: Tier): ReadonlySet<string> {
  return new Set(subnets.filter((subnet) => subnet.tier === tier).map(({ zone }) => zone));
}
