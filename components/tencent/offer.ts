import { refuse } from "@breakwater/runtime/problems";
import type { Demand } from "../demand.ts";
import type { CloudOffer, MachineType, Region } from "../offer.ts";

/** Zones as examples of the Terraform provider name them; which an account may use is seen in its console. */
function region(name: string, [first, second, third]: readonly [number, number, number]): Region {
  return { zones: [`${name}-${first}`, `${name}-${second}`, `${name}-${third}`], partition: "cn", jurisdiction: "cn" };
}

const CPU_SOURCE = "cloud.tencent.com/document/product/213/11518, remembered 2026-11-24";
const GPU_SOURCE = "cloud.tencent.com/document/product/560/19700, remembered 2026-11-24";

/**
 * Interfaces of a machine and addresses of each, by its processors: the first of each is the node's own, the others are
 * for pods in shared-interface mode (document 576/18527, remembered 2026-11-24).
 */
const INTERFACES = [
  { upToVcpus: 4, interfaces: 4, addresses: 20 },
  { upToVcpus: 12, interfaces: 6, addresses: 20 },
  { upToVcpus: Number.POSITIVE_INFINITY, interfaces: 8, addresses: 30 },
] as const;

/** Pods of a machine of at least 4 processors and 16 GiB that get addresses of the network. */
export function podsOf(vcpus: number): number {
  const { interfaces, addresses } = INTERFACES.find(({ upToVcpus }) => vcpus <= upToVcpus) ?? INTERFACES[0];
  return (interfaces - 1) * (addresses - 1);
}

/** Cloud disks of a machine less the system's own: 20 in all (document 362/5145, remembered 2026-11-24). */
const VOLUMES_MAX = 19;

function cpu(name: string, vcpus: number, memoryGiB: number): MachineType {
  const limits = { podsMax: podsOf(vcpus), volumesMax: VOLUMES_MAX, virtualization: false };
  return { name, vcpus, memoryGiB, ...limits, source: CPU_SOURCE };
}

function gpu(
  name: string,
  vcpus: number,
  memoryGiB: number,
  kind: "a100-40" | "l20" | "h20",
  count: number,
): MachineType {
  return { ...cpu(name, vcpus, memoryGiB), gpu: { kind, count }, source: GPU_SOURCE };
}

/**
 * SA2 and S5: the families whose interfaces the flow log collects (Terraform provider's page of vpc_flow_log), which the
 * newer ones are not on the list of. Machines below 4 processors and 16 GiB have addresses for 27 pods at most and are left
 * out. Order within a size: AMD first; no price of a machine could be read.
 */
const MACHINES: readonly MachineType[] = [
  cpu("SA2.LARGE16", 4, 16),
  cpu("S5.LARGE16", 4, 16),
  cpu("SA2.2XLARGE32", 8, 32),
  cpu("S5.2XLARGE32", 8, 32),
  cpu("SA2.4XLARGE64", 16, 64),
  cpu("S5.4XLARGE64", 16, 64),
  cpu("SA2.8XLARGE128", 32, 128),
  cpu("S5.8XLARGE128", 32, 128),
  gpu("PNV5b.8XLARGE96", 32, 96, "l20", 1),
  gpu("PNV5b.48XLARGE768", 192, 768, "l20", 8),
  gpu("GT4.4XLARGE96", 16, 96, "a100-40", 1),
  gpu("GT4.8XLARGE192", 32, 192, "a100-40", 2),
  gpu("GT4.20XLARGE474", 82, 474, "a100-40", 4),
  gpu("GT4.41XLARGE948", 164, 948, "a100-40", 8),
  gpu("HCCPNV6.96XLARGE2304", 384, 2304, "h20", 8),
];

/** Addresses of Services: outside of every network that the settings allow by default. */
export const SERVICE_CIDR = "172.30.0.0/20";

/** What Tencent Cloud sells, in regions of mainland China. Checked by: stacks/placement. */
export const tencentOffer: CloudOffer = {
  regions: {
    "ap-guangzhou": region("ap-guangzhou", [4, 6, 7]),
    "ap-shanghai": region("ap-shanghai", [2, 4, 5]),
    "ap-beijing": region("ap-beijing", [5, 6, 7]),
    "ap-nanjing": region("ap-nanjing", [1, 2, 3]),
  },
  machines: MACHINES,
  // TKE has even minors only, three months after their release and for new clusters 18 months from then
  // (tencentcloud.com/document/product/457/47894, read 2026-11-24).
  kubernetesVersions: ["1.34"],
  isolation: {
    gvisor: "yes",
    kata: {
      no: "TKE runs Kata on BMS5 bare metal alone (document 457/129421), and the node annotation that switches it on could not be read",
    },
  },
  // Backends of one listener rule (document 214/6187, remembered 2026-11-24).
  targetsMax: 100,
  serviceCidr: SERVICE_CIDR,
  quotas: [
    {
      what: "vCPUs",
      limit: 200,
      source: "pay-as-you-go instances of a zone, document 213/2664, remembered 2026-11-24",
    },
    { what: "elastic IPs", limit: 20, source: "document 213/5733, remembered 2026-11-24" },
    { what: "VPCs", limit: 20, source: "document 215/537, remembered 2026-11-24" },
    { what: "load balancers", limit: 100, source: "document 214/6187, remembered 2026-11-24" },
  ],
};

/** The release that a minor version stands for; TKE takes only whole ones. Which is current: DescribeVersions. */
export const RELEASES: Readonly<Record<string, string>> = { "1.34": "1.34.1" };

/** The zones of an environment: its own choice, or what is known of its region. @throws ProblemError `tencent/region` */
export function zonesOf({ region: name, zones }: Demand): readonly [string, string, string] {
  const known = tencentOffer.regions[name];
  if (known === undefined) {
    return refuse({
      code: "tencent/region",
      path: "deployment.region",
      got: name,
      expected: Object.keys(tencentOffer.regions).join(", "),
      remedy: "choose one of them",
    });
  }
  const [first, second, third] = zones ?? known.zones;
  if (first === undefined || second === undefined || third === undefined) return known.zones;
  return [first, second, third];
}
