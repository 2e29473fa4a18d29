import type { Control } from "../control.ts";

const FIELDS = ["hostNetwork", "hostPID", "hostIPC"] as const;

/** A pod in the node's namespaces sees and reaches what belongs to the node and to every other pod. */
export const hostNamespaces: Control = {
  id: "hostNamespaces",
  level: "baseline",
  asks: "Pods must not share the network, processes or IPC of the node.",
  fix: "remove it or set it to false",
  revisions: [
    {
      since: 0,
      judge: ({ spec }) =>
        FIELDS.filter((field) => spec[field] === true).map((field) => ({ place: "pod", problem: `${field} is true` })),
    },
  ],
};
