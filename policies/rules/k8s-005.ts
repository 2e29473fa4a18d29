import { z } from "zod";
import { containersOf, POD_TYPES, podSpecOf } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const context = z.object({ runAsNonRoot: z.boolean().optional(), runAsUser: z.number().optional() });
const container = z.object({
  name: z.string(),
  securityContext: context.extend({ allowPrivilegeEscalation: z.boolean().optional() }).optional(),
});
const pod = z.object({ securityContext: context.optional() });

/** An agent that has taken over its container must not be root on the node. */
export const k8s005: ResourceRule = {
  id: "K8S-005",
  on: forTypes(POD_TYPES, function* (props) {
    const { securityContext: inherited = {} } = pod.parse(podSpecOf(props));
    for (const raw of containersOf(props)) {
      const { name, securityContext: own = {} } = container.parse(raw);
      // A container's own field wins over the pod's, as in Kubernetes.
      if ((own.runAsNonRoot ?? inherited.runAsNonRoot) !== true) yield `container ${name}: runAsNonRoot is not true`;
      if ((own.runAsUser ?? inherited.runAsUser) === 0) yield `container ${name}: runAsUser is 0`;
      if (own.allowPrivilegeEscalation !== false) yield `container ${name}: allowPrivilegeEscalation is not false`;
    }
  }),
};
