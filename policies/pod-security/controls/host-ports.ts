import type { Control } from "../control.ts";
import { eachContainer } from "../placed.ts";

/** A port of the node is open to whoever reaches the node, past every Service and network policy. */
export const hostPorts: Control = {
  id: "hostPorts",
  level: "baseline",
  asks: "Containers must not take ports of the node.",
  fix: "remove hostPort and publish the port by a Service",
  revisions: [
    {
      since: 0,
      judge: eachContainer(({ ports }) => {
        const taken = ports.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [hostPort]));
        return taken.length === 0 ? undefined : `hostPort is ${taken.join(", ")}`;
      }),
    },
  ],
};
