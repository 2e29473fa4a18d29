import { z } from "zod";
import { AWS_BALANCERS } from "../aws-balancers.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const cluster = z.object({ deletionProtection: z.boolean().optional() });
const aws = z.object({ enableDeletionProtection: z.boolean().optional() });
const alb = z.object({
  deletionProtectionConfig: z.object({ enabled: z.boolean().optional() }).optional(),
  deletionProtectionEnabled: z.boolean().optional(),
});
const clb = z.object({ deleteProtect: z.boolean().optional() });

/** One wrong click on any of these is an outage of everybody. */
export const net017: ResourceRule = {
  id: "NET-017",
  on: {
    ...forTypes(
      [
        "aws:eks/cluster:Cluster",
        "alicloud:cs/managedKubernetes:ManagedKubernetes",
        "tencentcloud:index/kubernetesCluster:KubernetesCluster",
      ],
      function* (props) {
        if (cluster.parse(props).deletionProtection !== true) yield "deletionProtection is not true";
      },
    ),
    ...forTypes(AWS_BALANCERS, function* (props) {
      if (aws.parse(props).enableDeletionProtection !== true) yield "enableDeletionProtection is not true";
    }),
    "alicloud:alb/loadBalancer:LoadBalancer": function* (props) {
      const { deletionProtectionConfig, deletionProtectionEnabled } = alb.parse(props);
      if (deletionProtectionConfig?.enabled !== true && deletionProtectionEnabled !== true)
        yield "deletion protection is not enabled";
    },
    "tencentcloud:index/clbInstance:ClbInstance": function* (props) {
      if (clb.parse(props).deleteProtect !== true) yield "deleteProtect is not true";
    },
  },
};
