import type { RuleGroupArgs } from "@pulumi/aws/networkfirewall/ruleGroup.js";

/** What a RuleGroup says, without its name. */
export type Rules = Pick<RuleGroupArgs, "type" | "capacity" | "ruleGroup">;

/** Rules that a group may grow to; it cannot be changed without a new group. */
const CAPACITY = 1000;

/**
 * A name that no server has: a list must have an entry, and one of only this lets nothing pass (RFC 2606 keeps it unused).
 */
const NOBODY = "nobody.invalid";

/**
 * Lets TLS pass whose server name is exactly one of these. An entry without a leading dot matches only itself, so that
 * `dashscope.aliyuncs.com` does not let `dashscope-intl.aliyuncs.com` pass.
 */
export function allowedNames(hosts: readonly string[], sources: readonly string[]): Rules {
  return {
    type: "STATEFUL",
    capacity: CAPACITY,
    ruleGroup: {
      ruleVariables: { ipSets: [{ key: "HOME_NET", ipSet: { definitions: [...sources] } }] },
      rulesSource: {
        rulesSourceList: {
          generatedRulesType: "ALLOWLIST",
          targetTypes: ["TLS_SNI"],
          targets: hosts.length === 0 ? [NOBODY] : [...hosts],
        },
      },
      statefulRuleOptions: { ruleOrder: "STRICT_ORDER" },
    },
  };
}

const TCP = 6;

/** TCP between the nodes and anywhere goes on to the list of names; what no rule names is dropped: UDP, ICMP, the rest. */
export function onlyTcp(nodes: readonly string[]): Rules {
  const anywhere = [{ addressDefinition: "0.0.0.0/0" }];
  const own = nodes.map((cidr) => ({ addressDefinition: cidr }));
  const passOn = (priority: number, sources: typeof own, destinations: typeof own) => ({
    priority,
    ruleDefinition: {
      actions: ["aws:forward_to_sfe"],
      matchAttributes: { protocols: [TCP], sources, destinations },
    },
  });
  return {
    type: "STATELESS",
    capacity: 100,
    ruleGroup: {
      rulesSource: {
        statelessRulesAndCustomActions: { statelessRules: [passOn(1, own, anywhere), passOn(2, anywhere, own)] },
      },
    },
  };
}
