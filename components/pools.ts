import type { NodePool } from "./demand.ts";
import type { Placement, PoolRole } from "./platform.ts";

/** Label and taint of a pool's nodes: the value is its role. */
export const POOL_LABEL = "breakwater.dev/pool";

/** Label of a GPU pool's nodes: the kind of GPU, as settings name it. An environment can have two kinds. */
export const GPU_LABEL = "breakwater.dev/gpu";

/** Labels of the nodes of a pool, the same on every cloud. */
export function poolLabels({ role, gpu }: Pick<NodePool, "role" | "gpu">): Readonly<Record<string, string>> {
  return { [POOL_LABEL]: role, ...(gpu === undefined ? {} : { [GPU_LABEL]: gpu.kind }) };
}

/** Pools that only pods made for them may use: what runs there is hostile, or what they have is dear. */
const TAINTED: readonly PoolRole[] = ["sandbox", "gpu"];

/** Whether the nodes of a role carry the taint `breakwater.dev/pool=<role>:NoSchedule`. */
export function isTainted(role: PoolRole): boolean {
  return TAINTED.includes(role);
}

/** What puts a pod on the nodes of a role, and lets it stay there. */
export function poolPlacement(role: PoolRole): Placement {
  const nodeSelector = { [POOL_LABEL]: role };
  if (!isTainted(role)) return { nodeSelector };
  return { nodeSelector, tolerations: [{ key: POOL_LABEL, operator: "Equal", value: role, effect: "NoSchedule" }] };
}
