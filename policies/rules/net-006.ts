import { z } from "zod";
import type { StackRule } from "../rule.ts";

const VPC = "aws:ec2/vpc:Vpc";
const GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

const group = z.object({ ingress: z.array(z.unknown()).optional(), egress: z.array(z.unknown()).optional() });

/** Whatever is made without a security group gets the default one; AWS fills it with rules unless it is managed. */
export const net006: StackRule = {
  id: "NET-006",
  subjects: [VPC],
  *check(plan) {
    const groups = plan.ofType(GROUP);
    if (groups.length < plan.ofType(VPC).length) yield { problem: "a network's default security group is not managed" };
    for (const { urn, props } of groups) {
      const { ingress = [], egress = [] } = group.parse(props);
      if (ingress.length > 0)
        yield { urn, problem: `the default security group has ${ingress.length} ingress rule(s)` };
      if (egress.length > 0) yield { urn, problem: `the default security group has ${egress.length} egress rule(s)` };
    }
  },
};
