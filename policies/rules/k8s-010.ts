import { z } from "zod";
import { POD_TYPES, podSpecOf } from "../pods.ts";
import { type Check, forTypes, type ResourceRule } from "../rule.ts";

const automount = z.object({ automountServiceAccountToken: z.boolean().optional() });

const check: (holder: string, read: (props: Parameters<Check>[0]) => unknown) => Check = (holder, read) =>
  function* (props) {
    if (automount.parse(read(props)).automountServiceAccountToken === false) return;
    yield `the ${holder} does not set automountServiceAccountToken to false`;
  };

/**
 * A token that nobody asked for is a way to the API server for whoever takes over the container. A pod that needs one
 * declares it: as a projected volume, which this rule lets through.
 */
export const k8s010: ResourceRule = {
  id: "K8S-010",
  on: {
    ...forTypes(POD_TYPES, check("pod", podSpecOf)),
    "kubernetes:core/v1:ServiceAccount": check("ServiceAccount", (props) => props),
  },
};
