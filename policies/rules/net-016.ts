import { z } from "zod";
import { AWS_BALANCERS } from "../aws-balancers.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const aws = z.object({
  loadBalancerType: z.string().optional(),
  dropInvalidHeaderFields: z.boolean().optional(),
  accessLogs: z.object({ enabled: z.boolean().optional() }).optional(),
});

/**
 * Two machines that read a header differently can be made to disagree about where a request ends; and who came is asked
 * after the fact. Alibaba's and Tencent's load balancers refuse broken headers by themselves; a log is asked of each, of
 * which a name known only after an update is enough.
 */
export const net016: ResourceRule = {
  id: "NET-016",
  on: {
    ...forTypes(AWS_BALANCERS, function* (props) {
      const { loadBalancerType = "application", dropInvalidHeaderFields, accessLogs } = aws.parse(props);
      if (loadBalancerType === "application" && dropInvalidHeaderFields !== true)
        yield "dropInvalidHeaderFields is not true";
      if (accessLogs?.enabled !== true) yield "accessLogs is not enabled";
    }),
    "alicloud:alb/loadBalancer:LoadBalancer": function* (props) {
      if (!("accessLogConfig" in props)) yield "accessLogConfig is missing";
    },
    "tencentcloud:index/clbInstance:ClbInstance": function* (props) {
      for (const field of ["logSetId", "logTopicId"]) if (!(field in props)) yield `${field} is missing`;
    },
  },
};
