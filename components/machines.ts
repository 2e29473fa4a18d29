import type { NodePool } from "./demand.ts";
import type { CloudOffer, MachineType } from "./offer.ts";

/** The cheapest machine type sold in a region that is at least what a pool asks for; undefined when there is none. */
export function machineFor(
  pool: NodePool,
  { offer, region, virtualization = false }: { offer: CloudOffer; region: string; virtualization?: boolean },
): MachineType | undefined {
  const without = offer.regions[region]?.without ?? [];
  return offer.machines.find(
    (machine) =>
      machine.vcpus >= pool.vcpus &&
      machine.memoryGiB >= pool.memoryGiB &&
      gpuMatches(machine, pool) &&
      (!virtualization || machine.virtualization) &&
      !without.some((prefix) => machine.name.startsWith(prefix)),
  );
}

/** GPU machines are for GPU pools only: a model's server must get what it was sized for. */
function gpuMatches({ gpu }: MachineType, pool: NodePool): boolean {
  if (pool.gpu === undefined) return gpu === undefined;
  return gpu?.kind === pool.gpu.kind && gpu.count >= pool.gpu.perNode;
}
