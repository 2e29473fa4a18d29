import type { GpuKind, NodePool } from "../../components/demand.ts";
import { machineFor } from "../../components/machines.ts";
import type { CloudOffer, MachineType } from "../../components/offer.ts";
import { type PlacementProblem, problemAt } from "./codes.ts";
import { gpuKindsByPower } from "./gpu-kinds.ts";
import type { Check, Place } from "./place.ts";

/** The machine type that a pool's nodes are, if the cloud has one for it in the region. */
export function machineOf(pool: NodePool, { demand, offer }: Pick<Place, "demand" | "offer">): MachineType | undefined {
  if (offer === undefined) return undefined;
  return machineFor(pool, { offer, region: demand.region, virtualization: needsVirtualization(pool, demand) });
}

function needsVirtualization({ role }: NodePool, { sandboxIsolation }: Place["demand"]): boolean {
  return role === "sandbox" && sandboxIsolation === "kata";
}

/** Every pool has a machine type in the region; a GPU pool has its kind, and as many as it asks for. */
export const machines: Check = (place) => {
  const { offer, region, demand } = place;
  if (offer === undefined) return [];
  // A cloud without this region is refused for that; where there are no regions the machines are the company's own.
  if (region === undefined && Object.keys(offer.regions).length > 0) return [];
  return demand.pools.flatMap((pool) => {
    if (machineOf(pool, place) !== undefined) return [];
    return [pool.gpu === undefined ? noMachine(pool, place, offer) : noGpu(pool, pool.gpu, place, offer)];
  });
};

/** Machines that the region has at all. */
function sold(offer: CloudOffer, { region }: Place): readonly MachineType[] {
  return offer.machines.filter(({ name }) => !(region?.without ?? []).some((start) => name.startsWith(start)));
}

function noMachine(pool: NodePool, place: Place, offer: CloudOffer): PlacementProblem {
  const virtual = needsVirtualization(pool, place.demand);
  const usable = sold(offer, place).filter(
    ({ gpu, virtualization }) => gpu === undefined && (!virtual || virtualization),
  );
  const largest = [...usable].sort((a, b) => b.memoryGiB - a.memoryGiB)[0];
  const wanted = virtual ? " and run virtual machines, which kata needs" : "";
  return problemAt("placement/machine", poolPath(pool), {
    got: `pool ${pool.name}: nodes of ${pool.vcpus} vCPUs and ${pool.memoryGiB} GiB`,
    expected:
      largest === undefined
        ? `machines in ${place.demand.region} that have this${wanted}; there are none`
        : `no more than ${largest.name} has (${largest.vcpus} vCPUs, ${largest.memoryGiB} GiB), the largest in ${place.demand.region}`,
    remedy: virtual
      ? "choose another region, or openshell.isolation gvisor"
      : "choose another region, or a smaller deployment.size",
    source: largest?.source ?? `components/${place.settings.deployment.topology}/offer.ts`,
  });
}

function noGpu(pool: NodePool, gpu: NonNullable<NodePool["gpu"]>, place: Place, offer: CloudOffer): PlacementProblem {
  const withGpu = sold(offer, place).flatMap((machine) =>
    machine.gpu === undefined ? [] : [{ ...machine, gpu: machine.gpu }],
  );
  const ofKind = withGpu.filter((machine) => machine.gpu.kind === gpu.kind);
  const source = (ofKind[0] ?? withGpu[0])?.source ?? `components/${place.settings.deployment.topology}/offer.ts`;
  const most = Math.max(0, ...ofKind.map((machine) => machine.gpu.count));
  if (most > 0) return notThatMany(pool, gpu, { most, source });
  const kinds = [...new Set(withGpu.map((machine) => machine.gpu.kind))];
  const nearestKind = gpuKindsByPower(gpu.kind, kinds)[0];
  return problemAt("placement/gpu-kind", modelPath(place, gpu.kind), {
    got: `${gpu.kind}, which ${place.demand.region} does not sell`,
    expected:
      nearestKind === undefined
        ? `no GPU at all: Breakwater knows none in ${place.demand.region}`
        : `a kind that is sold there, nearest ${nearestKind}; all: ${kinds.sort().join(", ")}`,
    remedy:
      nearestKind === undefined
        ? "choose another region, or a model outside"
        : `write ${nearestKind}, or choose another region`,
    source,
  });
}

function notThatMany(
  pool: NodePool,
  gpu: NonNullable<NodePool["gpu"]>,
  { most, source }: { readonly most: number; readonly source: string },
): PlacementProblem {
  const tooMany = gpu.perNode > most;
  return problemAt("placement/gpu-count", "inference.models", {
    got: `pool ${pool.name}: nodes with ${gpu.perNode} GPUs of kind ${gpu.kind}, ${pool.vcpus} vCPUs and ${pool.memoryGiB} GiB`,
    expected: tooMany
      ? `at most ${most} GPUs on one machine`
      : `a machine with ${gpu.kind} that has this beside its GPUs; there is none`,
    remedy: tooMany ? `set gpus to ${most} or fewer, or choose a kind with more memory` : "choose another kind of GPU",
    source,
  });
}

function modelPath({ settings }: Place, kind: GpuKind): string {
  const index = settings.inference.models.findIndex(({ gpu }) => gpu === kind);
  return index === -1 ? "inference.models" : `inference.models[${index}].gpu`;
}

function poolPath({ role }: NodePool): string {
  return role === "sandbox" ? "openshell.isolation" : "deployment.size";
}
