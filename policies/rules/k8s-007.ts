import { z } from "zod";
import { containersOf, POD_TYPES, podSpecOf } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const context = z.object({ seccompProfile: z.object({ type: z.string() }).optional() }).optional();
const holder = z.object({ securityContext: context });
const container = holder.extend({ name: z.string() });

const FILTERS = ["RuntimeDefault", "Localhost"];

/** Without a filter every system call of the node's kernel is there to be tried. */
export const k8s007: ResourceRule = {
  id: "K8S-007",
  on: forTypes(POD_TYPES, function* (props) {
    const inherited = holder.parse(podSpecOf(props)).securityContext?.seccompProfile;
    for (const raw of containersOf(props)) {
      const { name, securityContext } = container.parse(raw);
      const type = (securityContext?.seccompProfile ?? inherited)?.type;
      if (type === undefined || !FILTERS.includes(type))
        yield `container ${name}: seccompProfile is ${type ?? "missing"}`;
    }
  }),
};
