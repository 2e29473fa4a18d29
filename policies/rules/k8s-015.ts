import { metaOf, POD_TYPES } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

/** The namespace `default` has no owner, no quota, no walls and no Pod Security level. */
export const k8s015: ResourceRule = {
  id: "K8S-015",
  on: forTypes(POD_TYPES, function* (props) {
    const { namespace } = metaOf(props);
    if (namespace === undefined) yield "it names no namespace, and so gets default";
    if (namespace === "default") yield "its namespace is default";
  }),
};
