import type { Placement, PoolRole } from "./platform.ts";

/** Label and taint of a pool's nodes: the value is its role. */
export const POOL_LABEL = "breakwater.dev/pool";

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
