import type { Control } from "../control.ts";
import { eachContainer, exceptOnWindows } from "../placed.ts";

const judge = eachContainer(({ securityContext }) =>
  securityContext?.allowPrivilegeEscalation === false
    ? undefined
    : `securityContext.allowPrivilegeEscalation is ${securityContext?.allowPrivilegeEscalation ?? "not set"}`,
);

/** A process that may gain rights by a set-user-ID file is not held by the user it was started as. */
export const allowPrivilegeEscalation: Control = {
  id: "allowPrivilegeEscalation",
  level: "restricted",
  asks: "Containers must not gain privileges after they start.",
  fix: "set securityContext.allowPrivilegeEscalation: false",
  revisions: [
    { since: 8, judge },
    { since: 25, judge: exceptOnWindows(judge) },
  ],
};
