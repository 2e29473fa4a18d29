import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

const launchTemplate = z.object({
  metadataOptions: z
    .object({
      httpEndpoint: z.string().optional(),
      httpTokens: z.string().optional(),
      httpPutResponseHopLimit: z.number().optional(),
    })
    .default({}),
});
const nodePool = z.object({ instanceMetadataOptions: z.object({ httpTokens: z.string() }).optional() });

/**
 * A node's credentials lie behind one HTTP request, which a pod can be tricked into; a token cannot be asked for by a
 * redirect, and one hop does not reach a pod. Alibaba has tokens only, Tencent's native nodes neither.
 */
export const k8s018: ResourceRule = {
  id: "K8S-018",
  on: {
    *"aws:ec2/launchTemplate:LaunchTemplate"(props) {
      const { httpEndpoint, httpTokens, httpPutResponseHopLimit } = launchTemplate.parse(props).metadataOptions;
      if (httpEndpoint === "disabled") return;
      if (httpTokens !== "required") yield "metadataOptions.httpTokens is not required";
      if (httpPutResponseHopLimit !== 1) yield "metadataOptions.httpPutResponseHopLimit is not 1";
    },
    *"alicloud:cs/nodePool:NodePool"(props) {
      const httpTokens = nodePool.parse(props).instanceMetadataOptions?.httpTokens;
      if (httpTokens !== "required") yield `instanceMetadataOptions.httpTokens is ${httpTokens ?? "missing"}`;
    },
  },
};
