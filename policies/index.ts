import { PolicyPack } from "@pulumi/policy";
import { Judgement } from "./judgement.ts";
import { RULES } from "./rules/index.ts";
import { stackPolicies } from "./stack-policies.ts";
import { toPolicy } from "./to-policy.ts";

const judgement = new Judgement(() => new Date().toISOString().slice(0, 10));

new PolicyPack("breakwater", {
  policies: [...RULES.map((rule) => toPolicy(rule, judgement)), ...stackPolicies(judgement)],
});
