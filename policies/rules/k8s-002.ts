import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

const eks = z.object({ enabledClusterLogTypes: z.array(z.string()).default([]) });
const ack = z.object({
  controlPlaneLogComponents: z.array(z.string()).default([]),
  auditLogConfig: z.object({ enabled: z.boolean().optional() }).optional(),
});
const tke = z.object({ clusterAudit: z.object({ enabled: z.boolean() }).optional() });

/**
 * What nobody wrote down cannot be found out after a break-in. ACK and TKE have no log of logins apart: their audit log
 * names who asked.
 */
export const k8s002: ResourceRule = {
  id: "K8S-002",
  on: {
    *"aws:eks/cluster:Cluster"(props) {
      const { enabledClusterLogTypes } = eks.parse(props);
      for (const log of ["api", "audit", "authenticator"]) {
        if (!enabledClusterLogTypes.includes(log)) yield `enabledClusterLogTypes lacks ${log}`;
      }
    },
    *"alicloud:cs/managedKubernetes:ManagedKubernetes"(props) {
      const { controlPlaneLogComponents, auditLogConfig } = ack.parse(props);
      if (!controlPlaneLogComponents.includes("apiserver")) yield "controlPlaneLogComponents lacks apiserver";
      if (auditLogConfig?.enabled !== true) yield "auditLogConfig.enabled is not true";
    },
    *"tencentcloud:index/kubernetesCluster:KubernetesCluster"(props) {
      if (tke.parse(props).clusterAudit?.enabled !== true) yield "clusterAudit.enabled is not true";
    },
  },
};
