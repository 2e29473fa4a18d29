import type { ARCHITECTURES, TOPOLOGIES } from "./sections/deployment.ts";

type Architecture = (typeof ARCHITECTURES)[number];
type Topology = (typeof TOPOLOGIES)[number];

/** Whether an architecture can stand on a topology, and why. */
export interface Pair {
  readonly architecture: Architecture;
  readonly topology: Topology;
  /** `private region`: only where the cloud's region is the company's own. */
  readonly valid: "always" | "never" | "private region";
  readonly because: string;
}

const NO_DATA_LEAVES = "under B no data leaves the company network";

/** Every pair. A new topology has to say what it is under both architectures. */
export const PAIRS: readonly Pair[] = [
  { architecture: "A", topology: "aws", valid: "always", because: "data may leave the company network" },
  { architecture: "A", topology: "alibaba", valid: "always", because: "data may leave the company network" },
  { architecture: "A", topology: "tencent", valid: "always", because: "data may leave the company network" },
  { architecture: "A", topology: "dgx", valid: "always", because: "own GPUs do not forbid models outside" },
  { architecture: "A", topology: "local", valid: "always", because: "one machine reaches what it is allowed to" },
  {
    architecture: "B",
    topology: "aws",
    valid: "never",
    because: `${NO_DATA_LEAVES}, and the control plane of EKS is in the region of AWS`,
  },
  { architecture: "B", topology: "alibaba", valid: "private region", because: NO_DATA_LEAVES },
  {
    architecture: "B",
    topology: "tencent",
    valid: "never",
    because: `${NO_DATA_LEAVES}, and Breakwater does not know Tencent's dedicated zones`,
  },
  { architecture: "B", topology: "dgx", valid: "always", because: "everything is the company's own" },
  { architecture: "B", topology: "local", valid: "always", because: "everything is on one machine" },
];

/** The pair of two values of any type, if they name one. */
export function pairOf(architecture: unknown, topology: unknown): Pair | undefined {
  return PAIRS.find((pair) => pair.architecture === architecture && pair.topology === topology);
}

/** Topologies on which an architecture needs no further statement. */
export function validTopologies(architecture: Architecture): readonly Topology[] {
  return PAIRS.filter((pair) => pair.architecture === architecture && pair.valid === "always").map(
    ({ topology }) => topology,
  );
}
