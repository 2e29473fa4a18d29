import type { NodePool } from "../demand.ts";

/** What a node boots, and by which words it is told what to do. */
export interface NodeImage {
  readonly system: "bottlerocket" | "amazon-linux";
  /** EKS's own name of the image. */
  readonly amiType: string;
}

/**
 * Bottlerocket wherever it can hold: it has no shell, no package manager and a root that cannot be written. It takes no
 * software either, so that two kinds of node stay with Amazon Linux 2023: those of sandboxes, on which gVisor or Kata is
 * installed, and those whose GPUs NVIDIA's manager cuts into parts, because Bottlerocket's own plugin offers none under the
 * name that model servers ask for (`migStrategy: none` in bottlerocket-core-kit's nvidia-k8s-device-plugin-conf, read
 * 2026-12-01).
 */
export function nodeImageOf({ role, gpu }: Pick<NodePool, "role" | "gpu">): NodeImage {
  const kind = gpu === undefined ? undefined : "NVIDIA";
  if (role === "sandbox" || gpu?.migProfile !== undefined) {
    return { system: "amazon-linux", amiType: `AL2023_x86_64_${kind ?? "STANDARD"}` };
  }
  return {
    system: "bottlerocket",
    amiType: kind === undefined ? "BOTTLEROCKET_x86_64" : `BOTTLEROCKET_x86_64_${kind}`,
  };
}
