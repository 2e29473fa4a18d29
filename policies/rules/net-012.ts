import { z } from "zod";
import type { StackRule } from "../rule.ts";

/** For each cloud its network and the log of what flows there. */
const LOGS = [
  ["aws:ec2/vpc:Vpc", "aws:ec2/flowLog:FlowLog"],
  ["alicloud:vpc/network:Network", "alicloud:vpc/flowLog:FlowLog"],
  ["tencentcloud:index/vpc:Vpc", "tencentcloud:index/vpcFlowLog:VpcFlowLog"],
] as const;

const log = z.object({
  trafficType: z.string().optional(),
  /** Alibaba and Tencent: of what; AWS says it by the identifier that it gives. */
  resourceType: z.string().optional(),
  /** Alibaba. */
  status: z.string().optional(),
});

/**
 * After a break-in, who talked to whom is asked first. Refused traffic alone shows the attempts and not what got through;
 * how long the log is kept is asked of the log store (LOG rules).
 */
export const net012: StackRule = {
  id: "NET-012",
  subjects: LOGS.map(([network]) => network),
  *check(plan) {
    for (const [network, type] of LOGS) {
      const whole = plan.ofType(type).filter(({ props }) => isWhole(log.parse(props)));
      const networks = plan.ofType(network).length;
      if (whole.length < networks)
        yield { problem: `${networks} network(s), ${whole.length} of them with a log of all traffic` };
    }
  },
};

function isWhole({ trafficType = "ALL", resourceType = "VPC", status = "Active" }: z.infer<typeof log>): boolean {
  return trafficType.toUpperCase() === "ALL" && resourceType.toUpperCase() === "VPC" && status === "Active";
}
