import { z } from "zod";
import type { Problems, ResourceRule } from "../rule.ts";

const subnet = z.object({
  mapPublicIpOnLaunch: z.boolean().optional(),
  assignIpv6AddressOnCreation: z.boolean().optional(),
});
const template = z.object({
  networkInterfaces: z
    .array(z.object({ associatePublicIpAddress: z.union([z.string(), z.boolean()]).optional() }))
    .optional(),
});
const nodePool = z.object({ internetMaxBandwidthOut: z.number().optional() });
const native = z.object({
  native: z.object({ internetAccessible: z.object({ maxBandwidthOut: z.number().optional() }).optional() }),
});
const scaled = z.object({
  autoScalingConfig: z.object({
    publicIpAssigned: z.boolean().optional(),
    internetMaxBandwidthOut: z.number().optional(),
  }),
});

function* bandwidth(mbps = 0): Problems {
  if (mbps > 0) yield `nodes get public addresses with ${mbps} Mbit/s`;
}

/**
 * What has an address of the internet can be reached from it. No subnet gives one away by itself, not even that of the
 * load balancer or of the NAT gateway: both ask for their own.
 */
export const net002: ResourceRule = {
  id: "NET-002",
  on: {
    "aws:ec2/subnet:Subnet": function* (props) {
      const { mapPublicIpOnLaunch, assignIpv6AddressOnCreation } = subnet.parse(props);
      if (mapPublicIpOnLaunch === true) yield "mapPublicIpOnLaunch is true";
      if (assignIpv6AddressOnCreation === true) yield "assignIpv6AddressOnCreation is true";
    },
    "aws:ec2/launchTemplate:LaunchTemplate": function* (props) {
      for (const { associatePublicIpAddress } of template.parse(props).networkInterfaces ?? []) {
        if (String(associatePublicIpAddress) === "true") yield "nodes get public addresses";
      }
    },
    "alicloud:cs/nodePool:NodePool": (props) => bandwidth(nodePool.parse(props).internetMaxBandwidthOut),
    "tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool": (props) =>
      bandwidth(native.parse(props).native.internetAccessible?.maxBandwidthOut),
    "tencentcloud:index/kubernetesNodePool:KubernetesNodePool": function* (props) {
      const { publicIpAssigned, internetMaxBandwidthOut } = scaled.parse(props).autoScalingConfig;
      if (publicIpAssigned === true) yield "nodes get public addresses";
      yield* bandwidth(internetMaxBandwidthOut);
    },
  },
};
