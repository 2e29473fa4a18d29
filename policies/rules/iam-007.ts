import { z } from "zod";
import { ifKnown } from "../known.ts";
import type { Plan, PlanResource, StackProblem, StackRule } from "../rule.ts";

const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const ROLE = "aws:iam/role:Role";
const EVENT_RULE = "aws:cloudwatch/eventRule:EventRule";

/** Longest session in seconds: an hour. */
const LONGEST = 3600;

const granting = z.object({ policyArn: z.string() });
const granted = z.object({ principalArn: z.string() });
// Without a number AWS takes an hour.
const session = z.object({ maxSessionDuration: z.number().default(LONGEST) });
const named = z.object({ name: z.string().optional() });
const eventRule = z.object({ eventPattern: z.string() });

/**
 * The role that administrates the cluster is for emergencies and roll-outs, so it is short and every use of it is told.
 * Looks at AWS, where this role is planned; on the other clouds whoever made the cluster administrates it, and no plan
 * says who may be that account.
 */
export const iam007: StackRule = {
  id: "IAM-007",
  subjects: ["aws:eks/cluster:Cluster"],
  *check(plan) {
    const roles = administrators(plan);
    if (roles.length === 0) yield { problem: "no role is planned that administrates the cluster" };
    for (const { urn, props } of roles) {
      const { maxSessionDuration } = session.parse(props);
      if (maxSessionDuration > LONGEST) yield { urn, problem: `maxSessionDuration is ${maxSessionDuration}` };
    }
    yield* unreported(plan, roles);
  },
};

/** Roles that the cluster takes for its administrators: by their ARN or, while that is unknown, by the shared logical name. */
function administrators(plan: Plan): readonly PlanResource[] {
  const grants = plan
    .ofType(ASSOCIATION)
    .filter(({ props }) => ifKnown(() => granting.parse(props).policyArn, "").endsWith("/AmazonEKSClusterAdminPolicy"));
  return plan.ofType(ROLE).filter(({ name, props }) => {
    const physical = ifKnown(() => named.parse(props).name, undefined);
    return grants.some((grant) => {
      const arn = ifKnown(() => granted.parse(grant.props).principalArn, undefined);
      return arn === undefined ? grant.name === name : arn.endsWith(`:role/${physical}`);
    });
  });
}

function* unreported(plan: Plan, roles: readonly PlanResource[]): Iterable<StackProblem> {
  const reported = plan
    .ofType(EVENT_RULE)
    .some(({ props }) => eventRule.parse(props).eventPattern.includes("AssumeRole"));
  for (const { urn } of reported ? [] : roles)
    yield { urn, problem: "no event rule tells that somebody assumed this role" };
}
