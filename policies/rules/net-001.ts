import { overlap } from "../net-addresses.ts";
import { SUBNET_TYPES, subnetsOf, zonesOf } from "../net-subnets.ts";
import type { StackRule } from "../rule.ts";

const ZONES = 3;
const TIERS = ["workloads", "database", "entry"] as const;

/**
 * Walls between networks need networks, and a zone that is lost must not take a tier with it. Which resource is in which
 * subnet is known only after an update and is not read.
 */
export const net001: StackRule = {
  id: "NET-001",
  subjects: SUBNET_TYPES,
  *check(plan) {
    const subnets = subnetsOf(plan);
    for (const tier of TIERS) {
      const { size } = zonesOf(subnets, tier);
      if (size < ZONES) yield { problem: `the ${tier} tier has subnets in ${size} zone(s), fewer than ${ZONES}` };
    }
    for (const [at, { urn, cidr }] of subnets.entries()) {
      const other = subnets.slice(at + 1).find((candidate) => overlap(candidate.cidr, cidr));
      if (other !== undefined) yield { urn, problem: `${cidr} overlaps ${other.cidr}` };
    }
  },
};
