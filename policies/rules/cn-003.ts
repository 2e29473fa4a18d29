import type { StackRule } from "../rule.ts";

/** Tencent's has two names in its provider, the newer one first. */
const BASTIONS = [
  "alicloud:bastionhost/instance:Instance",
  "tencentcloud:index/bhResource:BhResource",
  "tencentcloud:index/dasbResource:DasbResource",
] as const;

/**
 * MLPS wants operators' sessions to go through one host that records them. AWS has no such service in China, and a company
 * may have one bastion for everything it runs: where it stands outside this environment, an exception names it.
 */
export const cn003: StackRule = {
  id: "CN-003",
  applies: ({ jurisdiction }) => jurisdiction === "cn",
  subjects: [],
  *check(plan) {
    if (plan.ofType(...BASTIONS).length === 0) yield { problem: "no bastion host is planned" };
  },
};
