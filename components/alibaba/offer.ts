import type { GpuKind } from "../demand.ts";
import type { CloudOffer, MachineType, Region } from "../offer.ts";

/** Addresses of Services; the cluster cannot change them later, and the network must not overlap them. */
export const SERVICE_CIDR = "172.21.0.0/20";

/**
 * Zones of which an environment uses three where it names none, by letter. Remembered, not read from an account: which
 * zones sell a machine type differs by account and day, and `network.zones` names others.
 */
function region(name: string, letters: string, jurisdiction: string, without?: readonly string[]) {
  const [first = "", second = "", third = ""] = letters;
  const found: Region = {
    zones: [`${name}-${first}`, `${name}-${second}`, `${name}-${third}`],
    partition: name.startsWith("cn-") && name !== "cn-hongkong" ? "cn" : "intl",
    jurisdiction,
  };
  return { [name]: without === undefined ? found : { ...found, without } };
}

/** Exported GPUs that the United States let nobody export to China are not offered in the mainland (price lists of 2024-10-09). */
const REGIONS: CloudOffer["regions"] = {
  ...region("cn-hangzhou", "ijk", "cn", ["ecs.gn7e"]),
  ...region("cn-shanghai", "lmn", "cn", ["ecs.gn7e"]),
  ...region("cn-beijing", "hkl", "cn", ["ecs.gn7e"]),
  ...region("cn-shenzhen", "def", "cn"),
  ...region("cn-zhangjiakou", "abc", "cn", ["ecs.gn7e"]),
  ...region("cn-hongkong", "bcd", "hk", ["ecs.gn8is", "ecs.gn8v"]),
  ...region("ap-southeast-1", "abc", "sg"),
  ...region("ap-northeast-1", "abc", "jp", ["ecs.gn8is", "ecs.gn8v"]),
  ...region("eu-central-1", "abc", "de", ["ecs.gn8is", "ecs.gn8v"]),
};

const PRICED = "cloudpilot-ai/priceserver alibabacloud_price.json, 2024-10-09";
const ADDRESSES =
  "pods: (ENIs - 1) x addresses of an ENI, rule read 2026-11-24 at help.aliyun.com work-with-terway; ENIs of g8i remembered, of g7.4xlarge read there; disks remembered";
const GPU_TABLE =
  "help.aliyun.com GPU-accelerated compute-optimized families, read 2026-11-24; gn8v and disks of gn7 remembered";

function general(size: string, vcpus: number, podsMax: number): MachineType {
  const source = `${PRICED}; ${ADDRESSES}`;
  return {
    name: `ecs.g8i.${size}`,
    vcpus,
    memoryGiB: vcpus * 4,
    podsMax,
    volumesMax: 16,
    virtualization: false,
    source,
  };
}

function gpuMachine(
  name: string,
  kind: GpuKind,
  [vcpus, memoryGiB, count, podsMax, volumesMax]: readonly [number, number, number, number, number],
): MachineType {
  const gpu = { kind, count };
  return { name: `ecs.${name}`, vcpus, memoryGiB, gpu, podsMax, volumesMax, virtualization: false, source: GPU_TABLE };
}

/**
 * Cheapest first among those of a kind, as far as prices are known. No `large`: with 12 addresses for pods it runs the
 * cluster's own pods and little else. The bare metal ones are for runV.
 */
const MACHINES: readonly MachineType[] = [
  general("xlarge", 4, 45),
  general("2xlarge", 8, 45),
  general("4xlarge", 16, 210),
  general("6xlarge", 24, 210),
  general("8xlarge", 32, 210),
  general("12xlarge", 48, 210),
  {
    ...general("48xlarge", 192, 930),
    name: "ecs.ebmg8i.48xlarge",
    memoryGiB: 1024,
    virtualization: true,
    source: `${PRICED}; addresses and disks remembered`,
  },
  // The A10 of Alibaba stands for "a10g": the same 24 GiB and generation, about the same speed.
  gpuMachine("gn7i-c8g1.2xlarge", "a10g", [8, 30, 1, 45, 16]),
  gpuMachine("gn7i-c16g1.4xlarge", "a10g", [16, 60, 1, 210, 16]),
  gpuMachine("gn7i-2x.8xlarge", "a10g", [32, 128, 2, 210, 16]),
  gpuMachine("gn7i-4x.8xlarge", "a10g", [32, 128, 4, 210, 16]),
  gpuMachine("gn7i-8x.16xlarge", "a10g", [64, 256, 8, 210, 16]),
  gpuMachine("gn8is.2xlarge", "l20", [8, 64, 1, 45, 16]),
  gpuMachine("gn8is.4xlarge", "l20", [16, 128, 1, 210, 16]),
  gpuMachine("gn8is-2x.8xlarge", "l20", [32, 256, 2, 210, 32]),
  gpuMachine("gn8is-4x.16xlarge", "l20", [64, 512, 4, 210, 32]),
  gpuMachine("gn8is-8x.32xlarge", "l20", [128, 1024, 8, 700, 64]),
  gpuMachine("gn7e-c16g1.4xlarge", "a100-80", [16, 125, 1, 70, 16]),
  gpuMachine("gn7e-c16g1.8xlarge", "a100-80", [32, 250, 2, 70, 16]),
  gpuMachine("gn7e-c16g1.16xlarge", "a100-80", [64, 500, 4, 70, 16]),
  gpuMachine("gn7e-c16g1.32xlarge", "a100-80", [128, 1000, 8, 225, 16]),
  // "GPU H" with 96 GB in Alibaba's tables; an H20 by its memory and by what others call it.
  gpuMachine("gn8v.4xlarge", "h20", [16, 96, 1, 210, 16]),
  gpuMachine("gn8v-2x.8xlarge", "h20", [32, 192, 2, 210, 16]),
  gpuMachine("gn8v-4x.24xlarge", "h20", [96, 512, 4, 210, 32]),
  gpuMachine("gn8v-8x.48xlarge", "h20", [192, 1024, 8, 420, 64]),
];

const REMEMBERED = "default of a fresh account, remembered, not read 2026-11-24";

/** What Alibaba Cloud sells, as far as plans are checked against it. */
export const alibabaOffer: CloudOffer = {
  regions: REGIONS,
  machines: MACHINES,
  // ACK supports the three newest minor versions; the runV guide names 1.34 (facts of 2026-11-23).
  kubernetesVersions: ["1.32", "1.33", "1.34"],
  isolation: { gvisor: "yes", kata: "yes" },
  // Servers of one ALB server group, remembered.
  targetsMax: 1000,
  serviceCidr: SERVICE_CIDR,
  quotas: [
    { what: "vCPUs", limit: 100, source: REMEMBERED },
    { what: "GPU vCPUs", limit: 32, source: REMEMBERED },
    { what: "elastic IPs", limit: 20, source: REMEMBERED },
    { what: "VPCs", limit: 10, source: REMEMBERED },
    { what: "NAT gateways", limit: 5, source: REMEMBERED },
    { what: "load balancers", limit: 60, source: REMEMBERED },
  ],
};
