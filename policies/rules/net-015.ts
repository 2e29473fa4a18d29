import { z } from "zod";
import { AWS_BALANCERS } from "../aws-balancers.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const ALB = "alicloud:alb/loadBalancer:LoadBalancer";
const CLB = "tencentcloud:index/clbInstance:ClbInstance";

const awsLb = z.object({ internal: z.boolean().optional() });
const alb = z.object({ addressType: z.string() });
const edition = z.object({ loadBalancerEdition: z.string().optional() });
const clb = z.object({ networkType: z.string() });
const clbDomain = z.object({ engine: z.number().optional(), status: z.number().optional() });
const webAcl = z.object({
  rules: z
    .array(
      z.object({
        statement: z.object({ managedRuleGroupStatement: z.unknown(), rateBasedStatement: z.unknown() }).partial(),
      }),
    )
    .optional(),
});

/** Engines of Tencent's firewall whose rules refuse; 10 to 12 only watch (as components/tencent/entry.ts has it; from memory, unverified). */
const REFUSING = [20, 21, 22];

/**
 * Scanners find a public address within minutes. AWS says in its plan what the firewall does; Alibaba's edition with a
 * firewall and Tencent's have the maker's rules by themselves, and a limit by rate is set in their consoles: not seen here.
 */
export const net015: StackRule = {
  id: "NET-015",
  applies: ({ exposure }) => exposure === "public",
  subjects: [...AWS_BALANCERS, ALB, CLB],
  *check(plan) {
    yield* onAws(plan);
    yield* onAlibaba(plan);
    yield* onTencent(plan);
  },
};

function* onAws(plan: Plan): Iterable<StackProblem> {
  const open = plan.ofType(...AWS_BALANCERS).filter(({ props }) => awsLb.parse(props).internal !== true);
  if (open.length === 0) return;
  const associations = plan.ofType("aws:wafv2/webAclAssociation:WebAclAssociation").length;
  if (associations < open.length)
    yield { problem: `${open.length} public load balancer(s), ${associations} of them behind a WAF` };
  for (const { urn, props } of plan.ofType("aws:wafv2/webAcl:WebAcl")) {
    const statements = (webAcl.parse(props).rules ?? []).map(({ statement }) => statement);
    if (!statements.some((statement) => "managedRuleGroupStatement" in statement))
      yield { urn, problem: "the WAF has no managed rules" };
    if (!statements.some((statement) => "rateBasedStatement" in statement))
      yield { urn, problem: "the WAF has no limit by rate" };
  }
}

function* onAlibaba(plan: Plan): Iterable<StackProblem> {
  if (plan.ofType("alicloud:wafv3/domain:Domain").length > 0) return;
  for (const { urn, props } of plan.ofType(ALB)) {
    if (alb.parse(props).addressType !== "Internet") continue;
    const { loadBalancerEdition = "missing" } = edition.parse(props);
    if (loadBalancerEdition !== "StandardWithWaf")
      yield { urn, problem: `public, loadBalancerEdition is ${loadBalancerEdition}, and no WAF domain is planned` };
  }
}

function* onTencent(plan: Plan): Iterable<StackProblem> {
  const open = plan.ofType(CLB).filter(({ props }) => clb.parse(props).networkType === "OPEN");
  const domains = plan.ofType("tencentcloud:index/wafClbDomain:WafClbDomain");
  if (domains.length < open.length)
    yield { problem: `${open.length} public load balancer(s), ${domains.length} of them behind a WAF` };
  for (const { urn, props } of domains) {
    const { engine, status = 1 } = clbDomain.parse(props);
    if (status !== 1 || !REFUSING.includes(engine ?? 0)) yield { urn, problem: "the WAF watches and refuses nothing" };
  }
}
