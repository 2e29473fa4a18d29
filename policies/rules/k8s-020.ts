import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

const eks = z.object({ amiType: z.string().optional() });
const ack = z.object({
  imageType: z.string().optional(),
  socEnabled: z.boolean().optional(),
  securityHardeningOs: z.boolean().optional(),
});

/** Alibaba's system that has no package manager and a root that cannot be written. */
const IMMUTABLE = ["ContainerOS"];

/**
 * Whatever a node has installed is what an agent that breaks out finds there. Bottlerocket has nearly nothing and cannot
 * be written; ACK hardens its image by a benchmark. A plain Amazon Linux, and an image of one's own, say nothing of a
 * benchmark to a plan. TKE's native nodes leave no choice and are not judged.
 */
export const k8s020: ResourceRule = {
  id: "K8S-020",
  on: {
    *"aws:eks/nodeGroup:NodeGroup"(props) {
      const { amiType = "missing" } = eks.parse(props);
      if (!amiType.startsWith("BOTTLEROCKET_")) yield `amiType is ${amiType}`;
    },
    *"alicloud:cs/nodePool:NodePool"(props) {
      const { imageType = "missing", socEnabled, securityHardeningOs } = ack.parse(props);
      if (socEnabled === true || securityHardeningOs === true || IMMUTABLE.includes(imageType)) return;
      yield `imageType is ${imageType}, without socEnabled or securityHardeningOs`;
    },
  },
};
