import type { Control } from "../control.ts";
import { eachContext, exceptOwnUsers } from "../placed.ts";

const judge = eachContext(({ runAsUser }) => (runAsUser === 0 ? "securityContext.runAsUser is 0" : undefined));

/** User 0 is root by another name. */
export const runAsUser: Control = {
  id: "runAsUser",
  level: "restricted",
  asks: "Containers must not ask for user 0.",
  fix: "remove securityContext.runAsUser or set another user; from v1.35 on hostUsers: false allows it",
  revisions: [
    { since: 23, judge },
    { since: 35, judge: exceptOwnUsers(judge) },
  ],
};
