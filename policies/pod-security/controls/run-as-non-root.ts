import type { Control } from "../control.ts";
import { eachContainerOrPod, exceptOwnUsers } from "../placed.ts";

const judge = eachContainerOrPod({
  bad: ({ runAsNonRoot }) => (runAsNonRoot === false ? "securityContext.runAsNonRoot is false" : undefined),
  // False is set as well, and said once, where it stands.
  isSet: ({ runAsNonRoot }) => runAsNonRoot !== undefined,
  missing: "securityContext.runAsNonRoot is set neither here nor on the pod",
});

/** Root in a container is one mistake of the runtime away from root on the node. */
export const runAsNonRoot: Control = {
  id: "runAsNonRoot",
  level: "restricted",
  asks: "Containers must refuse to start as root.",
  fix: "set securityContext.runAsNonRoot: true; from v1.35 on hostUsers: false does as well",
  revisions: [
    { since: 0, judge },
    { since: 35, judge: exceptOwnUsers(judge) },
  ],
};
