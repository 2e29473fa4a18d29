import { isCloud, minimumAuditDays } from "../audit-days.ts";
import { auditBuckets, lockOf } from "../buckets.ts";
import { each } from "../known.ts";
import type { StackRule } from "../rule.ts";

/**
 * The first thing that an intruder with an administrator's rights does is to clear the log. Looks at the clouds, whose
 * buckets can be locked; on DGX the log is a hash chain on a volume, and what cannot be changed is the copy of LOG-007.
 */
export const log002: StackRule = {
  id: "LOG-002",
  subjects: [],
  applies: isCloud,
  *check(plan) {
    const buckets = auditBuckets(plan);
    if (buckets.length === 0) yield { problem: "no bucket for audit records is planned" };
    const least = Math.max(minimumAuditDays(plan.facts), plan.facts.auditRetentionDays);
    yield* each(buckets, function* (bucket) {
      const { urn } = bucket;
      const lock = lockOf(plan, bucket);
      if (lock === undefined) yield { urn, problem: "the bucket is not locked" };
      else if (!lock.final) yield { urn, problem: "an administrator can take the lock off" };
      if (lock !== undefined && lock.days < least)
        yield { urn, problem: `locked ${lock.days} days, less than ${least}` };
    });
  },
};
