import type { Control } from "../control.ts";
import { sourcesOf } from "../volumes.ts";

/** A folder of the node is a way to the node. */
export const hostPathVolumes: Control = {
  id: "hostPathVolumes",
  level: "baseline",
  asks: "Pods must not mount folders of the node.",
  fix: "use a persistentVolumeClaim, an emptyDir or another volume that is not the node's",
  revisions: [
    {
      since: 0,
      judge: ({ spec }) =>
        spec.volumes
          .filter((volume) => sourcesOf(volume).includes("hostPath"))
          .map(({ name }) => ({ place: `volume ${name}`, problem: "it is a hostPath" })),
    },
  ],
};
