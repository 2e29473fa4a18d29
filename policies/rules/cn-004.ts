import { z } from "zod";
import type { Plan, Problems, StackRule } from "../rule.ts";

const AWS_WAYS = ["aws:ec2/internetGateway:InternetGateway", "aws:ec2/natGateway:NatGateway"];
const ALI_WAYS = ["alicloud:vpc/natGateway:NatGateway"];
const TENCENT_WAYS = ["tencentcloud:index/natGateway:NatGateway"];

const awsPolicy = z.object({ firewallPolicy: z.object({ statefulDefaultActions: z.array(z.string()).optional() }) });
const aliFirewall = z.object({ firewallSwitch: z.string().optional() });
const aliPrevention = z.object({ runMode: z.number().optional(), basicRules: z.number().optional() });
const tencentPrevention = z.object({ mode: z.number().optional() });

/**
 * What passes the border is looked at there, and what is an attack is stopped. An environment without a way to the
 * internet has no such border. On AWS a policy that drops whatever no rule names counts as prevention: nearly all that
 * passes is encrypted, and signatures read none of it. On Tencent 1 refuses, 2 refuses more (API 1132/127532, read 2026-11-24).
 */
export const cn004: StackRule = {
  id: "CN-004",
  applies: ({ jurisdiction }) => jurisdiction === "cn",
  subjects: [...AWS_WAYS, ...ALI_WAYS, ...TENCENT_WAYS],
  *check(plan) {
    for (const check of [onAws, onAlibaba, onTencent]) for (const problem of check(plan)) yield { problem };
  },
};

function* onAws(plan: Plan): Problems {
  if (plan.ofType(...AWS_WAYS).length === 0) return;
  if (plan.ofType("aws:networkfirewall/firewall:Firewall").length === 0) yield "no network firewall at the border";
  for (const { name, props } of plan.ofType("aws:networkfirewall/firewallPolicy:FirewallPolicy")) {
    const { statefulDefaultActions = [] } = awsPolicy.parse(props).firewallPolicy;
    if (!statefulDefaultActions.some((action) => action.startsWith("aws:drop_")))
      yield `the firewall policy ${name} lets through what no rule names`;
  }
}

function* onAlibaba(plan: Plan): Problems {
  if (plan.ofType(...ALI_WAYS).length === 0) return;
  const firewalls = plan.ofType("alicloud:cloudfirewall/natFirewall:NatFirewall");
  const open = firewalls.filter(({ props }) => aliFirewall.parse(props).firewallSwitch !== "close");
  if (open.length < plan.ofType(...ALI_WAYS).length) yield "a NAT gateway has no firewall that is switched on";
  const configs = plan.ofType("alicloud:cloudfirewall/ipsConfig:IpsConfig");
  const blocks = configs.some(({ props }) => {
    const { runMode, basicRules } = aliPrevention.parse(props);
    return runMode === 1 && basicRules === 1;
  });
  if (!blocks) yield "no IpsConfig with runMode 1 and basicRules 1: intrusion prevention refuses nothing";
}

function* onTencent(plan: Plan): Problems {
  if (plan.ofType(...TENCENT_WAYS).length === 0) return;
  if (plan.ofType("tencentcloud:index/cfwNatInstance:CfwNatInstance").length === 0)
    yield "a NAT gateway has no firewall";
  const switches = plan.ofType("tencentcloud:index/cfwIpsModeSwitch:CfwIpsModeSwitch");
  if (!switches.some(({ props }) => (tencentPrevention.parse(props).mode ?? 0) >= 1))
    yield "no CfwIpsModeSwitch with mode 1 or 2: intrusion prevention refuses nothing";
}
