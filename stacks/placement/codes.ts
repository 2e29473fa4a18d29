import type { Problem } from "@breakwater/runtime/problems";

/** Every way in which a place cannot give what an environment asks for. Closed: a new one gets a code and a test. */
export const PLACEMENT_CODES = [
  "placement/address-overlap",
  "placement/audit-retention",
  "placement/certificate-host",
  "placement/cidr-private",
  "placement/cidr-size",
  "placement/environment-clash",
  "placement/environment-name",
  "placement/existing-cluster",
  "placement/gpu-count",
  "placement/gpu-fit",
  "placement/gpu-kind",
  "placement/isolation",
  "placement/jurisdiction",
  "placement/kubernetes-version",
  "placement/leaves-china",
  "placement/leaves-company",
  "placement/load-balancer-targets",
  "placement/machine",
  "placement/nim-operator",
  "placement/no-cluster",
  "placement/partition",
  "placement/pod-addresses",
  "placement/pods-per-node",
  "placement/private-region",
  "placement/public-entry",
  "placement/receiver",
  "placement/region",
  "placement/state-owned",
  "placement/vault-replicas",
  "placement/vault-unseal",
  "placement/volumes-per-node",
  "placement/zone",
] as const;

export type PlacementCode = (typeof PLACEMENT_CODES)[number];

/** One thing that the place cannot give. */
export interface PlacementProblem extends Problem {
  readonly code: PlacementCode;
  /** Where the limit was read, with the day, or which rule of ours it is. */
  readonly source: string;
}

/** Shorthand, so that a check reads as a sentence. */
export function problemAt(
  code: PlacementCode,
  path: string,
  what: Pick<PlacementProblem, "got" | "expected" | "remedy" | "source">,
): PlacementProblem {
  return { code, path, ...what };
}
