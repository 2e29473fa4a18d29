import { formatCidr, parseCidr, sizeOf } from "../../components/cidr.ts";
import type { NodePool } from "../../components/demand.ts";
import { subnetsOf } from "../../components/subnets.ts";
import { type PlacementProblem, problemAt } from "./codes.ts";
import { machineOf } from "./machines.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";
import { podsOf } from "./workloads.ts";

/** Addresses of a subnet that AWS keeps for itself; Alibaba Cloud keeps 4 and Tencent Cloud 3. */
const KEPT_OF_A_SUBNET = 5;
const KEPT_SOURCE =
  "docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html: the first four addresses and the last, from memory 2026-11-24";

/** Pods that run on every node whatever it is for: network, DNS cache, volumes, logs, metrics, identity. */
const ON_EVERY_NODE = 8;

const LARGEST = 16;

/** Pods that the nodes of a pool run at most: what is asked for, or what the cloud's network gives addresses to. */
export function podsPerNode(pool: NodePool, place: Place): number {
  return Math.min(pool.podsPerNode, machineOf(pool, place)?.podsMax ?? pool.podsPerNode);
}

/** The pods of a pool fit on its nodes. */
export const podsFit: Check = (place) =>
  place.demand.pools.flatMap((pool) => {
    const machine = machineOf(pool, place);
    if (machine === undefined) return [];
    const room = Math.max(0, podsPerNode(pool, place) - ON_EVERY_NODE) * pool.max;
    const pods = podsOf(pool.role, place.settings);
    if (pods <= room) return [];
    return [
      problemAt(
        "placement/pods-per-node",
        pool.role === "agents" || pool.role === "sandbox" ? "multi_tenant.tenants" : "deployment.size",
        {
          got: `${pods} pods for pool ${pool.name}`,
          expected: `at most ${room}: ${pool.max} nodes of type ${machine.name} with ${podsPerNode(pool, place)} pods each, ${ON_EVERY_NODE} of them the node's own`,
          remedy: "raise deployment.people, or divide the tenants between environments",
          source: machine.source,
        },
      ),
    ];
  });

/** Every subnet for nodes holds the nodes and the pods of its zone, and half of another zone's when that one is gone. */
export const podAddresses: Check = (place) => {
  const { settings } = place;
  if (settings.deployment.topology === "dgx") return existingPods(place);
  if (place.offer === undefined) return [];
  const range = parseCidr(place.demand.network.cidr);
  const needed = addressesOfAZone(place);
  const has = (bits: number) =>
    sizeOf(parseCidr(subnetsOf(formatCidr({ first: range.first, bits }))[0].nodes)) - KEPT_OF_A_SUBNET;
  if (needed <= has(range.bits)) return [];
  const fitting = [20, 19, 18, 17, 16].find((bits) => bits < range.bits && has(bits) >= needed);
  const valid =
    fitting === undefined ? undefined : formatCidr(parseCidr(formatCidr({ first: range.first, bits: fitting })));
  return [
    problemAt("placement/pod-addresses", "network.cidr", {
      got: `${place.demand.network.cidr}, whose subnets for nodes have ${has(range.bits)} addresses`,
      expected: `${needed} addresses in each, so that two zones can carry everything${valid === undefined ? "" : `, nearest ${valid}`}`,
      remedy: valid === undefined ? `divide the environment: /${LARGEST} is the largest network` : `write ${valid}`,
      source: KEPT_SOURCE,
    }),
  ];
};

/** Addresses of one of two remaining zones: its nodes, one more of each pool for a roll-out, and all of their pods. */
function addressesOfAZone(place: Place): number {
  return place.demand.pools.reduce(
    (sum, pool) => sum + (Math.ceil(pool.max / 2) + 1) * (podsPerNode(pool, place) + 1),
    0,
  );
}

function existingPods({ settings }: Place): readonly PlacementProblem[] {
  const cidr = settings.kubernetes.existing?.pod_cidr;
  if (cidr === undefined) return [];
  const roles = ["system", "agents", "sandbox", "gpu"] as const;
  // Twice: a roll-out starts the new pods beside the old.
  const needed = 2 * roles.reduce((sum, role) => sum + podsOf(role, settings), 0);
  if (sizeOf(parseCidr(cidr)) >= needed) return [];
  const bits = 32 - Math.ceil(Math.log2(needed));
  return [
    problemAt("placement/pod-addresses", "kubernetes.existing.pod_cidr", {
      got: `${cidr}, which has ${sizeOf(parseCidr(cidr))} addresses`,
      expected: `${needed} addresses, /${bits} or larger`,
      remedy: "correct it to the cluster's own range, or divide the tenants between clusters",
      source: OUR_RULE,
    }),
  ];
}
