import type { Control } from "../control.ts";
import { judgeProcMount } from "./proc-mount-baseline.ts";

/** Since v1.35 baseline lets pods with users of their own unmask /proc; restricted still does not. */
export const procMountRestricted: Control = {
  id: "procMount_restricted",
  level: "restricted",
  asks: "Containers must see /proc with its masks, those with users of their own too.",
  fix: "remove securityContext.procMount",
  replaces: "procMount",
  revisions: [{ since: 35, judge: judgeProcMount }],
};
