import type { GpuKind } from "../demand.ts";
import type { MachineType } from "../offer.ts";

/** Machine types of one family: size -> vCPUs, GiB, price an hour, and GPUs where it has them. */
interface Family {
  readonly family: string;
  readonly sizes: Readonly<Record<string, readonly [vcpus: number, memoryGiB: number, price: number, gpus?: number]>>;
  readonly gpu?: GpuKind;
  /** Volumes beside the system's own. */
  readonly volumesMax: number;
  readonly virtualization?: true;
  readonly source: string;
}

const PRICES = "us-east-1 USD, Karpenter price list 2026-07-20";
const CHINA_PRICES = "cn-north-1 CNY, Karpenter price list 2024-11-06";
/** Of large to 12xlarge; larger sizes take more. docs.aws.amazon.com/ebs volume_limits, read 2026-11-24. */
const DEDICATED_VOLUMES = 31;
/** Older families share 28 attachments with at most 8 network cards of these sizes. Same page. */
const SHARED_VOLUMES = 19;

/** Arm and flex types are left out: the images are built for x86_64, and flex types promise 40% of a processor. */
const FAMILIES: readonly Family[] = [
  {
    family: "c7i",
    sizes: { large: [2, 4, 0.08925], xlarge: [4, 8, 0.1785], "2xlarge": [8, 16, 0.357], "4xlarge": [16, 32, 0.714] },
    volumesMax: DEDICATED_VOLUMES,
    source: PRICES,
  },
  {
    family: "m7i",
    sizes: {
      large: [2, 8, 0.1008],
      xlarge: [4, 16, 0.2016],
      "2xlarge": [8, 32, 0.4032],
      "4xlarge": [16, 64, 0.8064],
      "8xlarge": [32, 128, 1.6128],
      "12xlarge": [48, 192, 2.4192],
    },
    volumesMax: DEDICATED_VOLUMES,
    source: PRICES,
  },
  {
    family: "r7i",
    sizes: {
      large: [2, 16, 0.1323],
      xlarge: [4, 32, 0.2646],
      "2xlarge": [8, 64, 0.5292],
      "4xlarge": [16, 128, 1.0584],
    },
    volumesMax: DEDICATED_VOLUMES,
    source: PRICES,
  },
  // Nested virtualisation, which Kata needs: 8th generation Intel only (types of @pulumi/aws 7.48.0, read 2026-11-24).
  {
    family: "c8i",
    sizes: {
      large: [2, 4, 0.09371],
      xlarge: [4, 8, 0.18742],
      "2xlarge": [8, 16, 0.37484],
      "4xlarge": [16, 32, 0.74968],
    },
    // Whether this generation counts volumes apart was not on the page: the smaller number.
    volumesMax: SHARED_VOLUMES,
    virtualization: true,
    source: PRICES,
  },
  {
    family: "m8i",
    sizes: {
      large: [2, 8, 0.10584],
      xlarge: [4, 16, 0.21168],
      "2xlarge": [8, 32, 0.42336],
      "4xlarge": [16, 64, 0.84672],
      "8xlarge": [32, 128, 1.69344],
    },
    volumesMax: SHARED_VOLUMES,
    virtualization: true,
    source: PRICES,
  },
  {
    family: "g5",
    gpu: "a10g",
    sizes: {
      xlarge: [4, 16, 1.006, 1],
      "2xlarge": [8, 32, 1.212, 1],
      "4xlarge": [16, 64, 1.624, 1],
      "8xlarge": [32, 128, 2.448, 1],
      "12xlarge": [48, 192, 5.672, 4],
      "24xlarge": [96, 384, 8.144, 4],
      "48xlarge": [192, 768, 16.288, 8],
    },
    volumesMax: SHARED_VOLUMES,
    source: PRICES,
  },
  {
    family: "g6",
    gpu: "l4",
    sizes: {
      xlarge: [4, 16, 0.8048, 1],
      "2xlarge": [8, 32, 0.9776, 1],
      "4xlarge": [16, 64, 1.3232, 1],
      "8xlarge": [32, 128, 2.0144, 1],
      "12xlarge": [48, 192, 4.6016, 4],
      "24xlarge": [96, 384, 6.6752, 4],
      "48xlarge": [192, 768, 13.3504, 8],
    },
    volumesMax: DEDICATED_VOLUMES,
    source: PRICES,
  },
  {
    family: "g6e",
    gpu: "l40s",
    sizes: {
      xlarge: [4, 32, 1.861, 1],
      "2xlarge": [8, 64, 2.24208, 1],
      "4xlarge": [16, 128, 3.00424, 1],
      "8xlarge": [32, 256, 4.52856, 1],
      "12xlarge": [48, 384, 10.49264, 4],
      "24xlarge": [96, 768, 15.06559, 4],
      "48xlarge": [192, 1536, 30.13118, 8],
    },
    volumesMax: DEDICATED_VOLUMES,
    source: PRICES,
  },
  { family: "p4d", gpu: "a100-40", sizes: { "24xlarge": [96, 1152, 21.957642, 8] }, volumesMax: 8, source: PRICES },
  { family: "p4de", gpu: "a100-80", sizes: { "24xlarge": [96, 1152, 27.44705, 8] }, volumesMax: 8, source: PRICES },
  {
    family: "p5",
    gpu: "h100",
    sizes: { "4xlarge": [16, 256, 6.88, 1], "48xlarge": [192, 2048, 55.04, 8] },
    volumesMax: DEDICATED_VOLUMES,
    source: PRICES,
  },
  {
    family: "p5en",
    gpu: "h200",
    sizes: { "48xlarge": [192, 2048, 63.296, 8] },
    volumesMax: DEDICATED_VOLUMES,
    source: PRICES,
  },
  { family: "p6-b200", gpu: "b200", sizes: { "48xlarge": [192, 2048, 113.9328, 8] }, volumesMax: 8, source: PRICES },
];

/** What China sells instead, in its own currency; elsewhere these come after everything above. */
const CHINA_FAMILIES: readonly Family[] = [
  {
    family: "c6i",
    sizes: {
      large: [2, 4, 0.73937],
      xlarge: [4, 8, 1.47874],
      "2xlarge": [8, 16, 2.95747],
      "4xlarge": [16, 32, 5.91494],
    },
    volumesMax: SHARED_VOLUMES,
    source: CHINA_PRICES,
  },
  {
    family: "m6i",
    sizes: {
      large: [2, 8, 1.01321],
      xlarge: [4, 16, 2.02642],
      "2xlarge": [8, 32, 4.05283],
      "4xlarge": [16, 64, 8.10566],
      "8xlarge": [32, 128, 16.21133],
    },
    volumesMax: SHARED_VOLUMES,
    source: CHINA_PRICES,
  },
  {
    family: "r6i",
    sizes: {
      large: [2, 16, 1.21859],
      xlarge: [4, 32, 2.43718],
      "2xlarge": [8, 64, 4.87435],
      "4xlarge": [16, 128, 9.7487],
    },
    volumesMax: SHARED_VOLUMES,
    source: CHINA_PRICES,
  },
  // No nested virtualisation is sold there, so that Kata needs a whole machine.
  { family: "c5", sizes: { metal: [96, 192, 35.49] }, volumesMax: 12, virtualization: true, source: CHINA_PRICES },
  { family: "m5", sizes: { metal: [96, 384, 48.634] }, volumesMax: 12, virtualization: true, source: CHINA_PRICES },
];

/** Pods of a node whose network cards get whole /28 prefixes: 110, or 250 from 30 vCPUs. EKS user guide, remembered. */
function podsMax(vcpus: number): number {
  return vcpus < 30 ? 110 : 250;
}

/** Cheapest first. */
function machinesOf(families: readonly Family[]): readonly MachineType[] {
  return families
    .flatMap(({ family, sizes, gpu, volumesMax, virtualization = false, source }) =>
      Object.entries(sizes).map(([size, [vcpus, memoryGiB, price, gpus = 0]]) => ({
        price,
        machine: {
          name: `${family}.${size}`,
          vcpus,
          memoryGiB,
          ...(gpu === undefined ? {} : { gpu: { kind: gpu, count: gpus } }),
          podsMax: podsMax(vcpus),
          volumesMax,
          virtualization,
          source: `${price} an hour: ${source}`,
        },
      })),
    )
    .sort((a, b) => a.price - b.price)
    .map(({ machine }) => machine);
}

/** Every machine type that a node can be, cheapest first; those of China come last. */
export const awsMachines: readonly MachineType[] = [...machinesOf(FAMILIES), ...machinesOf(CHINA_FAMILIES)];
