import { PolicyPack } from "@pulumi/policy";
import { RULES } from "./rules/index.ts";
import { toPolicy } from "./to-policy.ts";

new PolicyPack("breakwater", { policies: RULES.map(toPolicy) });
