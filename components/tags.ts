import type { Demand } from "./demand.ts";

/**
 * The tags of every cloud resource that has tags: whose it is, what made it, how sensitive its data is and where it stays. One rule for all
 * clouds; keys keep to what the strictest of them allows (no `aws`, `acs:`, `qcloud` or `http` at the start).
 */
export function tagsOf({ environment, owner, dataClass, region }: Demand): Record<string, string> {
  return {
    "breakwater:environment": environment,
    "breakwater:managed-by": "pulumi",
    "breakwater:owner": owner,
    "breakwater:data-class": dataClass,
    "breakwater:residency": region,
  };
}
