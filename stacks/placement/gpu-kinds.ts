import type { GpuKind } from "../../components/demand.ts";

/** From the weakest to the strongest by memory, then by throughput: for "the nearest kind that is sold" only. */
const BY_POWER: readonly GpuKind[] = ["a10g", "l4", "a100-40", "l20", "l40s", "a100-80", "h100", "h20", "h200", "b200"];

/** Kinds by how near they come to the wanted one; of two that are as near the stronger first. */
export function gpuKindsByPower(wanted: GpuKind, kinds: readonly GpuKind[]): readonly GpuKind[] {
  const away = (kind: GpuKind) => BY_POWER.indexOf(kind) - BY_POWER.indexOf(wanted);
  return [...kinds].sort((a, b) => Math.abs(away(a)) - Math.abs(away(b)) || away(b) - away(a));
}
