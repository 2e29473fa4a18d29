import { z } from "zod";
import { containersOf, POD_TYPES } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const container = z.object({
  name: z.string(),
  securityContext: z.object({ readOnlyRootFilesystem: z.boolean().optional() }).optional(),
});

/** What cannot be written cannot be replaced. */
export const k8s008: ResourceRule = {
  id: "K8S-008",
  on: forTypes(POD_TYPES, function* (props) {
    for (const raw of containersOf(props)) {
      const { name, securityContext } = container.parse(raw);
      if (securityContext?.readOnlyRootFilesystem !== true)
        yield `container ${name}: readOnlyRootFilesystem is not true`;
    }
  }),
};
