import type { CloudOffer, MachineType } from "../offer.ts";

const SYSTEMS =
  "NVIDIA's data sheets of the DGX systems: GPUs, CPU cores as threads, memory; from memory, not read again";

/** A DGX system under Kubernetes: 110 pods are kubelet's default, and volumes come over the network. */
function system(name: string, part: Pick<MachineType, "vcpus" | "memoryGiB" | "gpu">): MachineType {
  return { name, ...part, podsMax: 110, volumesMax: 128, virtualization: true, source: SYSTEMS };
}

/**
 * What can stand in a company's own cluster. Nothing is sold: the region is a name of its own choice, nodes are there or
 * are not, and the plan can only check that a model's GPUs exist in one system.
 */
export const dgxOffer: CloudOffer = {
  regions: {},
  machines: [
    { ...system("CPU node", { vcpus: 64, memoryGiB: 512 }), source: "any server that the company has" },
    system("DGX A100 40GB", { vcpus: 256, memoryGiB: 1024, gpu: { kind: "a100-40", count: 8 } }),
    system("DGX A100 80GB", { vcpus: 256, memoryGiB: 2048, gpu: { kind: "a100-80", count: 8 } }),
    system("DGX H100", { vcpus: 224, memoryGiB: 2048, gpu: { kind: "h100", count: 8 } }),
    system("DGX H200", { vcpus: 224, memoryGiB: 2048, gpu: { kind: "h200", count: 8 } }),
    system("DGX B200", { vcpus: 224, memoryGiB: 2048, gpu: { kind: "b200", count: 8 } }),
    { ...system("server with L40S", { vcpus: 128, memoryGiB: 1024, gpu: { kind: "l40s", count: 8 } }) },
  ],
  // Nobody's support but the company's own: what the operators of operators.ts and the runtime were read to want.
  kubernetesVersions: ["1.32", "1.33", "1.34", "1.35"],
  isolation: { gvisor: "yes", kata: "yes" },
  // MetalLB announces an address; what is behind it are pods, of which there is no limit of its own.
  targetsMax: 5000,
  quotas: [],
};
