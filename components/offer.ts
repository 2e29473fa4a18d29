import type { GpuKind } from "./demand.ts";

/** A region of a cloud. */
export interface Region {
  /** Three of its zones, for environments that name none. */
  readonly zones: readonly [string, string, string];
  /** Separate account systems of one cloud: `aws` and `aws-cn`, or `cn` and `intl`. */
  readonly partition: string;
  /** Country or region whose law holds there, as in the settings' `jurisdiction`. */
  readonly jurisdiction: string;
  /** Machine types whose names begin so are not sold there, where that is known. */
  readonly without?: readonly string[];
}

/** A machine type, with what limits what runs on it. */
export interface MachineType {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly gpu?: { readonly kind: GpuKind; readonly count: number };
  /** Pods that the cloud's network gives addresses to. */
  readonly podsMax: number;
  /** Volumes that can be attached, the system's own taken off. */
  readonly volumesMax: number;
  /** Whether virtual machines run on it, which Kata needs. */
  readonly virtualization: boolean;
  /** Where the numbers were read, with the day. */
  readonly source: string;
}

/** What a cloud sells, as far as plans are checked against it. Each cloud's is in its `offer.ts`. */
export interface CloudOffer {
  readonly regions: Readonly<Record<string, Region>>;
  /** Cheapest first, as far as prices are known. */
  readonly machines: readonly MachineType[];
  /** Minor versions that the managed cluster has in standard support. */
  readonly kubernetesVersions: readonly string[];
  /** Isolations that the cloud's nodes really allow, each with the reason where it does not. */
  readonly isolation: Readonly<Record<"gvisor" | "kata", "yes" | { readonly no: string }>>;
  /** Targets that one group of the load balancer takes. */
  readonly targetsMax: number;
  /** Addresses that the managed cluster gives to its Services, which no other network may use. */
  readonly serviceCidr?: string;
  /**
   * Limits of a fresh account that an environment can run into, by what they count: `vCPUs`, `elastic IPs`, `VPCs`,
   * `NAT gateways`, `load balancers`, or as the cloud divides them (stacks/placement/quotas.ts knows the words).
   */
  readonly quotas: readonly { readonly what: string; readonly limit: number; readonly source: string }[];
}
