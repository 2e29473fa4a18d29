import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Placement } from "../platform.ts";

/** The fields of a pod that put it on the nodes of its pool; none where all nodes are alike. */
export function pinnedTo({
  nodeSelector,
  tolerations,
}: Placement): Pick<input.core.v1.PodSpec, "nodeSelector" | "tolerations"> {
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations === undefined ? {} : { tolerations: [...tolerations] }),
  };
}
