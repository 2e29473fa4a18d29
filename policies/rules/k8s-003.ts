import { metaOf, TENANT_LABEL } from "../pods.ts";
import type { ResourceRule } from "../rule.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

/**
 * The API server itself turns away what rules over a plan never see: a pod that somebody makes by hand. Namespaces of node
 * agents that need more (drivers of GPUs, MetalLB) are exceptions with an owner, not a list in here.
 */
export const k8s003: ResourceRule = {
  id: "K8S-003",
  on: {
    *"kubernetes:core/v1:Namespace"(props) {
      const { name = "?", labels } = metaOf(props);
      const level = labels[ENFORCE];
      const allowed = labels[TENANT_LABEL] === undefined ? ["baseline", "restricted"] : ["restricted"];
      if (level === undefined) yield `namespace ${name} enforces no Pod Security level`;
      else if (!allowed.includes(level)) yield `namespace ${name} enforces ${level}, not ${allowed.join(" or ")}`;
    },
  },
};
