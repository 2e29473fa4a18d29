import { z } from "zod";
import { containersOf, POD_TYPES } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const container = z.object({
  name: z.string(),
  securityContext: z.object({ privileged: z.boolean().optional() }).optional(),
});

/** A privileged container is its node. */
export const k8s004: ResourceRule = {
  id: "K8S-004",
  on: forTypes(POD_TYPES, function* (props) {
    for (const raw of containersOf(props)) {
      const { name, securityContext } = container.parse(raw);
      if (securityContext?.privileged === true) yield `container ${name}: privileged is true`;
    }
  }),
};
