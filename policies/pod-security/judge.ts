import type { Control, Finding, Level, Revision } from "./control.ts";
import { CONTROLS } from "./controls/index.ts";
import type { Pod } from "./pod.ts";

/** The level and version that pods are held to. */
export interface Standard {
  readonly level: Level;
  /** N of v1.N. */
  readonly minor: number;
}

/** A finding with the control that it violates. */
export interface Violation extends Finding {
  readonly control: Control;
}

interface InForce {
  readonly control: Control;
  readonly revision: Revision;
}

/** The controls that hold at a level and version, each in the revision of that version. */
export function controlsInForce({ level, minor }: Standard): readonly InForce[] {
  const held = CONTROLS.filter((control) => control.level === "baseline" || level === "restricted").flatMap(
    (control) => {
      const revision = control.revisions.findLast(({ since }) => since <= minor);
      return revision === undefined ? [] : [{ control, revision }];
    },
  );
  const replaced = new Set(held.flatMap(({ control }) => control.replaces ?? []));
  return held.filter(({ control }) => !replaced.has(control.id));
}

/** Decides a pod as the API server's Pod Security admission does, and says all that is wrong with it. Pure. */
export function judgePod(pod: Pod, standard: Standard): readonly Violation[] {
  return controlsInForce(standard).flatMap(({ control, revision }) =>
    [...revision.judge(pod)].map((finding) => ({ control, ...finding })),
  );
}
