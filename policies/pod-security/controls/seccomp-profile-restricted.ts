import type { Control } from "../control.ts";
import { eachContainerOrPod, exceptOnWindows } from "../placed.ts";
import { badSeccompProfile } from "../seccomp.ts";

const judge = eachContainerOrPod({
  bad: badSeccompProfile,
  isSet: ({ seccompProfile }) => seccompProfile !== undefined,
  missing: "securityContext.seccompProfile is set neither here nor on the pod",
});

/** Where no profile is named, the runtime's default is what the node's administrator happens to have chosen. */
export const seccompProfileRestricted: Control = {
  id: "seccompProfile_restricted",
  level: "restricted",
  asks: "Seccomp must be switched on.",
  fix: "set securityContext.seccompProfile.type: RuntimeDefault (or Localhost)",
  replaces: "seccompProfile_baseline",
  revisions: [
    { since: 19, judge },
    { since: 25, judge: exceptOnWindows(judge) },
  ],
};
