import type { Control } from "../control.ts";
import { eachContainer, exceptOwnUsers } from "../placed.ts";

/** Judges whether any container sees /proc without its masks; the restricted level asks the same of every pod. */
export const judgeProcMount = eachContainer(({ securityContext }) => {
  const { procMount } = securityContext ?? {};
  return procMount === undefined || procMount === "Default"
    ? undefined
    : `securityContext.procMount is ${JSON.stringify(procMount)}`;
});

/** What /proc hides by default is what a container breaks out with. */
export const procMountBaseline: Control = {
  id: "procMount",
  level: "baseline",
  asks: "Containers must see /proc with its masks.",
  fix: "remove securityContext.procMount; from v1.35 on, at baseline, hostUsers: false allows it",
  revisions: [
    { since: 0, judge: judgeProcMount },
    { since: 35, judge: exceptOwnUsers(judgeProcMount) },
  ],
};
