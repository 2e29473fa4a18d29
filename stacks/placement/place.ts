import type { Settings } from "@breakwater/runtime/settings";
import type { Demand } from "../../components/demand.ts";
import type { CloudOffer, Region } from "../../components/offer.ts";
import type { PlacementProblem } from "./codes.ts";

/** A model that does not fit into its GPUs, in the words of the sizing (components/inference/sizing.ts). */
export interface GpuMisfit {
  /** Position in `inference.models`. */
  readonly index: number;
  readonly field: "gpu" | "gpus" | "mig_profile" | "model" | "precision";
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
  readonly source: string;
}

/** Everything that the checks look at. Plain data: a check asks nobody. */
export interface Place {
  readonly settings: Settings;
  readonly demand: Demand;
  /** What the cloud sells; undefined where there is no cloud. */
  readonly offer: CloudOffer | undefined;
  /** The region, if the cloud has it. */
  readonly region: Region | undefined;
  /** Topologies that have a region of this name, for the message when the chosen one has not. */
  readonly regionOf: readonly string[];
  readonly gpuMisfits: readonly GpuMisfit[];
  /** Names of the other environments beside this one. */
  readonly environments: readonly string[];
}

/** One concern. Returns every problem that it sees, and never throws. */
export type Check = (place: Place) => readonly PlacementProblem[];

/** The source of a rule that is nobody's limit but follows from how Breakwater is built. */
export const OUR_RULE = "rule of Breakwater: docs/topologies/README.md";
