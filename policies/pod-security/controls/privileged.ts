import type { Control } from "../control.ts";
import { eachContainer } from "../placed.ts";

/** A privileged container is its node. */
export const privileged: Control = {
  id: "privileged",
  level: "baseline",
  asks: "Containers must not be privileged.",
  fix: "remove securityContext.privileged or set it to false",
  revisions: [
    {
      since: 0,
      judge: eachContainer(({ securityContext }) =>
        securityContext?.privileged === true ? "securityContext.privileged is true" : undefined,
      ),
    },
  ],
};
