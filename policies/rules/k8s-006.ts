import { z } from "zod";
import { containersOf, POD_TYPES } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const capabilities = z.object({ drop: z.array(z.string()).optional(), add: z.array(z.string()).optional() });
const container = z.object({
  name: z.string(),
  securityContext: z.object({ capabilities: capabilities.optional() }).optional(),
});

/** The only right that Pod Security `restricted` lets back in: to listen on ports below 1024. */
const MAY_BE_ADDED = ["NET_BIND_SERVICE"];

/** Each capability is a part of what root may do. */
export const k8s006: ResourceRule = {
  id: "K8S-006",
  on: forTypes(POD_TYPES, function* (props) {
    for (const raw of containersOf(props)) {
      const { name, securityContext } = container.parse(raw);
      const { drop = [], add = [] } = securityContext?.capabilities ?? {};
      if (!drop.includes("ALL")) yield `container ${name}: capabilities.drop lacks ALL`;
      const added = add.filter((capability) => !MAY_BE_ADDED.includes(capability));
      if (added.length > 0) yield `container ${name}: capabilities.add has ${added.join(", ")}`;
    }
  }),
};
