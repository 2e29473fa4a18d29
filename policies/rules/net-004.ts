import { z } from "zod";
import { isWorld } from "../net-addresses.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const eks = z.object({ vpcConfig: z.object({ endpointPublicAccess: z.boolean().optional() }) });
const ranges = z.object({ vpcConfig: z.object({ publicAccessCidrs: z.array(z.string()).optional() }) });
const ack = z.object({ slbInternetEnabled: z.boolean().optional() });
const tke = z.object({ clusterInternet: z.boolean().optional() });
const group = z.object({ clusterInternetSecurityGroup: z.string().optional() });

/**
 * Where the API server has to be public, NET-003 says so and an exception answers for it; this one limits who reaches it.
 * A private one passes. ACK has no list of ranges, so that a public one cannot pass there.
 */
export const net004: ResourceRule = {
  id: "NET-004",
  on: {
    "aws:eks/cluster:Cluster": function* (props) {
      if (eks.parse(props).vpcConfig.endpointPublicAccess === false) return;
      const { publicAccessCidrs = [] } = ranges.parse(props).vpcConfig;
      if (publicAccessCidrs.length === 0) yield "publicAccessCidrs is empty, which lets everybody in";
      for (const cidr of publicAccessCidrs.filter(isWorld)) yield `publicAccessCidrs has ${cidr}`;
    },
    "alicloud:cs/managedKubernetes:ManagedKubernetes": function* (props) {
      if (ack.parse(props).slbInternetEnabled !== false) yield "a public endpoint of ACK has no list of ranges";
    },
    ...forTypes(
      [
        "tencentcloud:index/kubernetesCluster:KubernetesCluster",
        "tencentcloud:index/kubernetesClusterEndpoint:KubernetesClusterEndpoint",
      ],
      function* (props) {
        if (tke.parse(props).clusterInternet !== true) return;
        const { clusterInternetSecurityGroup = "" } = group.parse(props);
        if (clusterInternetSecurityGroup === "") yield "clusterInternetSecurityGroup is missing";
      },
    ),
  },
};
