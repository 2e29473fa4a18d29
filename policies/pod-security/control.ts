import type { Pod } from "./pod.ts";

/** The two levels of the Pod Security Standards that ask for something; `restricted` asks for all of `baseline` too. */
export const LEVELS = ["baseline", "restricted"] as const;

export type Level = (typeof LEVELS)[number];

/** The part of a pod that does not what a control asks. */
export interface Finding {
  /** `pod`, `container app`, `volume data`, `annotation x`. */
  readonly place: string;
  /** What is wrong with it, without a full stop. */
  readonly problem: string;
}

/** How a control judges from one Kubernetes minor version on, until its next revision. */
export interface Revision {
  /** N of the first version v1.N that has it. */
  readonly since: number;
  /** Pure. Empty: the pod does what the control asks. */
  readonly judge: (pod: Pod) => Iterable<Finding>;
}

/** One control of the Pod Security Standards. */
export interface Control {
  /** The name that Kubernetes gives it. */
  readonly id: string;
  readonly level: Level;
  /** What it asks, as a sentence. */
  readonly asks: string;
  /** What the author of the manifest does next. */
  readonly fix: string;
  /** At `restricted`, where this control holds, the baseline control that it takes the place of. */
  readonly replaces?: string;
  /** By rising version. */
  readonly revisions: readonly [Revision, ...Revision[]];
}
