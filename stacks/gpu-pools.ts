import type { Settings } from "@breakwater/runtime/settings";
import type { NodePool } from "../components/demand.ts";

type ServedModel = Settings["inference"]["models"][number];

/** One pool of nodes for each kind of GPU that a served model asks for; none runs until a model needs it. */
export function gpuPools(models: readonly ServedModel[]): readonly NodePool[] {
  const kinds = [...new Set(models.map(({ gpu }) => gpu))].sort();
  return kinds.map((kind) => {
    const served = models.filter(({ gpu }) => gpu === kind);
    const perNode = Math.max(...served.map(({ gpus = 1 }) => gpus));
    const nodes = served.reduce((sum, { gpus = 1, replicas }) => sum + Math.ceil((gpus * replicas) / perNode), 0);
    return {
      name: `gpu-${kind}`,
      role: "gpu",
      vcpus: 4 * perNode,
      memoryGiB: 16 * perNode,
      gpu: { kind, perNode },
      min: 0,
      max: nodes,
      podsPerNode: 20,
    };
  });
}
