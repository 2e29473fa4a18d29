import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

const eks = z.object({
  vpcConfig: z.object({
    endpointPublicAccess: z.boolean().optional(),
    endpointPrivateAccess: z.boolean().optional(),
  }),
});
const ack = z.object({ slbInternetEnabled: z.boolean().optional() });
const tke = z.object({ clusterInternet: z.boolean().optional() });
const endpoint = tke.extend({ clusterIntranet: z.boolean().optional() });

/** Whoever reaches the API server can try its authentication, and its next vulnerability. Left out, it is public on EKS and ACK. */
export const net003: ResourceRule = {
  id: "NET-003",
  on: {
    "aws:eks/cluster:Cluster": function* (props) {
      const { endpointPublicAccess, endpointPrivateAccess } = eks.parse(props).vpcConfig;
      if (endpointPublicAccess !== false) yield "endpointPublicAccess is not false";
      if (endpointPrivateAccess !== true) yield "endpointPrivateAccess is not true";
    },
    "alicloud:cs/managedKubernetes:ManagedKubernetes": function* (props) {
      if (ack.parse(props).slbInternetEnabled !== false) yield "slbInternetEnabled is not false";
    },
    "tencentcloud:index/kubernetesCluster:KubernetesCluster": function* (props) {
      if (tke.parse(props).clusterInternet === true) yield "clusterInternet is true";
    },
    "tencentcloud:index/kubernetesClusterEndpoint:KubernetesClusterEndpoint": function* (props) {
      const { clusterInternet, clusterIntranet } = endpoint.parse(props);
      if (clusterInternet === true) yield "clusterInternet is true";
      if (clusterIntranet !== true) yield "clusterIntranet is not true";
    },
  },
};
