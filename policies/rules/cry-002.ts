import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

/** Least days in which a deletion can be taken back. */
const LEAST = 7;

/** What a cloud takes where nothing is written: AWS 30 days, Alibaba Cloud and Tencent Cloud must be told. */
const AWS_DEFAULT = 30;

const aws = z.object({ deletionWindowInDays: z.number().default(AWS_DEFAULT) });
const alibaba = z.object({ pendingWindowInDays: z.number().default(0), deletionProtection: z.string().optional() });
const tencent = z.object({ pendingDeleteWindowInDays: z.number().default(0) });

/**
 * A deleted key is all of its data deleted at once, backups included. Only Alibaba Cloud protects a key by a property of
 * its own; on the others it is Pulumi's `protect`, which is no property of the resource.
 */
export const cry002: ResourceRule = {
  id: "CRY-002",
  on: {
    "aws:kms/key:Key": (props) => tooShort("deletionWindowInDays", aws.parse(props).deletionWindowInDays),
    "alicloud:kms/key:Key": function* (props) {
      const { pendingWindowInDays, deletionProtection = "missing" } = alibaba.parse(props);
      yield* tooShort("pendingWindowInDays", pendingWindowInDays);
      if (deletionProtection !== "Enabled") yield `deletionProtection is ${deletionProtection}`;
    },
    "tencentcloud:index/kmsKey:KmsKey": (props) =>
      tooShort("pendingDeleteWindowInDays", tencent.parse(props).pendingDeleteWindowInDays),
  },
};

function tooShort(field: string, days: number): readonly string[] {
  return days < LEAST ? [`${field} is ${days}`] : [];
}
