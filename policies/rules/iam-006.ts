import { ACCESS_RIGHTS_DAYS, isCloud } from "../audit-days.ts";
import { auditBuckets, lockOf } from "../buckets.ts";
import { each } from "../known.ts";
import type { StackRule } from "../rule.ts";
import { TRAILS } from "../trails.ts";

/**
 * Who could do what, and since when, is the first question after an incident. Rights in the platform are granted through
 * the front door, whose audit log records it; rights in the account through the cloud, whose trail does. So both, and the
 * bucket that keeps them, must last as long.
 */
export const iam006: StackRule = {
  id: "IAM-006",
  subjects: [],
  applies: ({ jurisdiction }) => jurisdiction === "kr",
  *check(plan) {
    const { facts } = plan;
    if (facts.auditRetentionDays < ACCESS_RIGHTS_DAYS) {
      yield { problem: `audit records are kept ${facts.auditRetentionDays} days, not ${ACCESS_RIGHTS_DAYS}` };
    }
    if (!isCloud(facts)) return;
    if (plan.ofType(...TRAILS).length === 0) yield { problem: "no trail records changes of rights in the account" };
    yield* each(auditBuckets(plan), function* (bucket) {
      const { days } = lockOf(plan, bucket) ?? { days: 0 };
      if (days < ACCESS_RIGHTS_DAYS) {
        yield { urn: bucket.urn, problem: `the bucket keeps records ${days} days, not ${ACCESS_RIGHTS_DAYS}` };
      }
    });
  },
};
