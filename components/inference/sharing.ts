import type { MigProfile } from "./gpu-table.ts";

/** What a pod asks of Kubernetes for its GPUs: whole ones, or parts under the resource that MIG strategy `mixed` names. */
export function gpuResources(gpus: number, part: MigProfile | undefined): Readonly<Record<string, string>> {
  return part === undefined ? { "nvidia.com/gpu": String(gpus) } : { [`nvidia.com/mig-${part.name}`]: "1" };
}

/**
 * The device plugin's configuration on every topology: parts are named by their profile, and no GPU is handed out twice.
 * A `sharing` section would be time-slicing, which neither limits nor walls memory, or MPS, where one process serves all
 * clients: two models on one GPU can serve two tenants, and only whole GPUs and MIG keep those apart.
 */
export const DEVICE_PLUGIN_CONFIG = { version: "v1", flags: { migStrategy: "mixed" } } as const;

/** One layout of the GPUs of a node for the MIG manager, chosen by the node's label `nvidia.com/mig.config`. */
export function migLayout(part: MigProfile): { readonly name: string; readonly config: readonly unknown[] } {
  return {
    name: `all-${part.name}`,
    config: [{ devices: "all", "mig-enabled": true, "mig-devices": { [part.name]: part.perGpu } }],
  };
}
