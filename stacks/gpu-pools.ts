import type { Settings } from "@breakwater/runtime/settings";
import type { GpuKind, NodePool } from "../components/demand.ts";
import type { MigProfile } from "../components/inference/gpu-table.ts";
import { isMisfit, sizeOf } from "../components/inference/sizing.ts";

type ServedModel = Settings["inference"]["models"][number];

/** GPUs of a model whose place is refused anyway: the plan says why, and needs no pool. */
const UNPLACED = { gpus: 1, part: undefined };

/** What one model asks of a pool. */
interface Share {
  readonly kind: GpuKind;
  readonly part: MigProfile | undefined;
  readonly gpus: number;
  readonly replicas: number;
}

/**
 * One pool of nodes for each kind of GPU that served models ask for, and one for each way in which its GPUs are cut; none
 * runs until a model needs it.
 */
export function gpuPools(models: readonly ServedModel[]): readonly NodePool[] {
  const byPool = new Map<string, Share[]>();
  for (const share of models.map(shareOf)) {
    const name = poolName(share);
    byPool.set(name, [...(byPool.get(name) ?? []), share]);
  }
  return [...byPool]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, [first, ...rest]]) => (first === undefined ? [] : [poolOf(name, [first, ...rest])]));
}

function shareOf({ gpu, replicas, ...wanted }: ServedModel): Share {
  const size = sizeOf({ ...wanted, gpu, migProfile: wanted.mig_profile });
  const { gpus, part } = isMisfit(size) ? UNPLACED : size;
  return { kind: gpu, part, gpus, replicas };
}

/** `gpu-h100`, and `gpu-h100-3g40` for parts: at most 15 characters. */
function poolName({ kind, part }: Share): string {
  if (part === undefined) return `gpu-${kind}`;
  return `gpu-${kind.replace("-", "")}-${part.name.replace(/\.(\d+)gb$/, "$1")}`;
}

function poolOf(name: string, shares: readonly [Share, ...Share[]]): NodePool {
  const [{ kind, part }] = shares;
  const perNode = Math.max(...shares.map(({ gpus }) => gpus));
  return {
    name,
    role: "gpu",
    vcpus: 4 * perNode,
    memoryGiB: 16 * perNode,
    gpu: { kind, perNode, ...(part === undefined ? {} : { migProfile: part.name }) },
    min: 0,
    max: nodesOf(shares, perNode),
    podsPerNode: 20,
  };
}

/** Whole GPUs of a model share a node as long as there is room; of parts, as many servers as a GPU is cut into. */
function nodesOf(shares: readonly [Share, ...Share[]], perNode: number): number {
  const [{ part }] = shares;
  if (part !== undefined) return Math.ceil(shares.reduce((sum, { replicas }) => sum + replicas, 0) / part.perGpu);
  return shares.reduce((sum, { gpus, replicas }) => sum + Math.ceil(replicas / Math.floor(perNode / gpus)), 0);
}
