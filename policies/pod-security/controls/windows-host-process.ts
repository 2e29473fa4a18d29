import type { Control } from "../control.ts";
import { eachContext } from "../placed.ts";

/** A HostProcess container is a process of the Windows node. */
export const windowsHostProcess: Control = {
  id: "windowsHostProcess",
  level: "baseline",
  asks: "Windows containers must not be processes of the node.",
  fix: "remove securityContext.windowsOptions.hostProcess or set it to false",
  revisions: [
    {
      since: 0,
      judge: eachContext(({ windowsOptions }) =>
        windowsOptions?.hostProcess === true ? "securityContext.windowsOptions.hostProcess is true" : undefined,
      ),
    },
  ],
};
