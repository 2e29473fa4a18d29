import type { Control, Finding } from "../control.ts";
import { quoted } from "../placed.ts";
import type { Pod } from "../pod.ts";
import { sourcesOf } from "../volumes.ts";

const ALLOWED: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** A type that is not known counts as forbidden: nothing is known of what it reaches. */
function* judge({ spec }: Pod): Iterable<Finding> {
  for (const volume of spec.volumes) {
    const forbidden = sourcesOf(volume).filter((source) => !ALLOWED.has(source));
    if (forbidden.length > 0) yield { place: `volume ${volume.name}`, problem: `its type is ${quoted(forbidden)}` };
  }
}

/** Storage that a pod names by itself bypasses whoever decides which storage there is. */
export const restrictedVolumes: Control = {
  id: "restrictedVolumes",
  level: "restricted",
  asks: "Volumes must be of the types that reach neither the node nor storage that nobody granted.",
  fix: `use one of ${[...ALLOWED].join(", ")}`,
  replaces: "hostPathVolumes",
  revisions: [{ since: 0, judge }],
};
