import type { CloudOffer, MachineType } from "../../components/offer.ts";

const source = "a test, 2026-11-24";

function machine(name: string, vcpus: number, memoryGiB: number, more: Partial<MachineType> = {}): MachineType {
  return { name, vcpus, memoryGiB, podsMax: 58, volumesMax: 20, virtualization: false, source, ...more };
}

/** A cloud that exists only here: two partitions, a region without virtual machines, GPUs of two kinds. */
export const testOffer: CloudOffer = {
  regions: {
    "east-1": { zones: ["east-1a", "east-1b", "east-1c"], partition: "world", jurisdiction: "us" },
    "east-2": {
      zones: ["east-2a", "east-2b", "east-2c"],
      partition: "world",
      jurisdiction: "us",
      without: ["virt.", "gpu."],
    },
    "cn-1": { zones: ["cn-1a", "cn-1b", "cn-1c"], partition: "cn", jurisdiction: "cn" },
  },
  machines: [
    machine("plain.2", 2, 8),
    machine("plain.4", 4, 16),
    machine("plain.8", 8, 32),
    machine("plain.16", 16, 64),
    machine("virt.4", 4, 16, { virtualization: true }),
    machine("virt.16", 16, 64, { virtualization: true }),
    machine("gpu.1", 8, 64, { gpu: { kind: "l40s", count: 1 } }),
    machine("gpu.8", 192, 2048, { gpu: { kind: "h100", count: 8 } }),
  ],
  kubernetesVersions: ["1.32", "1.33", "1.34"],
  isolation: { gvisor: "yes", kata: "yes" },
  targetsMax: 100,
  serviceCidr: "172.20.0.0/16",
  quotas: [
    { what: "vCPUs", limit: 32, source },
    { what: "elastic IPs", limit: 5, source },
  ],
};
