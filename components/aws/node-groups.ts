import { refuse } from "@breakwater/runtime/problems";
import type { Demand, NodePool } from "../demand.ts";
import { machineFor } from "../machines.ts";
import type { MachineType } from "../offer.ts";
import { awsOffer } from "./offer.ts";
import { zonesOf } from "./zones.ts";

/** One managed node group. */
export interface NodeGroupPlan {
  /** The pool's name, with the zone's letter where the pool is divided. */
  readonly name: string;
  readonly pool: NodePool;
  readonly machine: MachineType;
  readonly zones: readonly string[];
  readonly min: number;
  readonly max: number;
}

/**
 * The node groups of an environment. Pods of the pools `system` and `agents` have volumes, which never leave their zone:
 * each of these pools is a group a zone, so that a zone is never left without a node for its volumes. The others are one
 * group over all zones, and can go down to none.
 *
 * @throws ProblemError `placement/machine` where no machine is large enough.
 */
export function nodeGroupsOf(demand: Demand): readonly NodeGroupPlan[] {
  const zones = zonesOf(demand).map(({ zone }) => zone);
  return demand.pools.flatMap((pool) => {
    const machine = machineOf(pool, demand);
    if (!hasVolumes(pool)) return [{ name: pool.name, pool, machine, zones, min: pool.min, max: pool.max }];
    const share = (nodes: number) => Math.ceil(nodes / zones.length);
    return zones.map((zone) => ({
      name: `${pool.name}-${zone.slice(-1)}`,
      pool,
      machine,
      zones: [zone],
      min: share(pool.min),
      max: share(pool.max),
    }));
  });
}

function hasVolumes({ role }: NodePool): boolean {
  return role === "system" || role === "agents";
}

function machineOf(pool: NodePool, { region, sandboxIsolation }: Demand): MachineType {
  const virtualization = pool.role === "sandbox" && sandboxIsolation === "kata";
  const machine = machineFor(pool, { offer: awsOffer, region, virtualization });
  if (machine !== undefined) return machine;
  return refuse({
    code: "placement/machine",
    path: `pool ${pool.name}`,
    got: `${pool.vcpus} vCPUs, ${pool.memoryGiB} GiB${pool.gpu === undefined ? "" : `, ${pool.gpu.perNode} of ${pool.gpu.kind}`}`,
    expected: `a machine that ${region} sells`,
    remedy: "choose another region or a smaller pool",
  });
}
