import { BUCKET_TYPES, publicWays } from "../buckets.ts";
import { each } from "../known.ts";
import type { StackRule } from "../rule.ts";

/** A public bucket is found within hours. What only blocks public access today is not asked for less than the block. */
export const dat007: StackRule = {
  id: "DAT-007",
  subjects: BUCKET_TYPES,
  *check(plan) {
    yield* each(plan.ofType(...BUCKET_TYPES), function* (bucket) {
      for (const problem of publicWays(plan, bucket)) yield { urn: bucket.urn, problem };
    });
  },
};
