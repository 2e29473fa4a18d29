import { z } from "zod";
import { ifKnown } from "./known.ts";
import type { Plan, PlanResource } from "./rule.ts";

/** AWS's buckets. Its provider has a second name for them and for some of their parts, which is the same thing (@pulumi/aws 7.48.0). */
export const AWS_BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;

/** Object buckets of every cloud. */
export const BUCKET_TYPES = [
  ...AWS_BUCKETS,
  "alicloud:oss/bucket:Bucket",
  "tencentcloud:index/cosBucket:CosBucket",
] as const;

const TRAIL = "aws:cloudtrail/trail:Trail";
const AWS_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const ALIBABA_LOCK = "alicloud:oss/bucketObjectWormConfiguration:BucketObjectWormConfiguration";
const ALIBABA_BUCKET_LOCK = "alicloud:oss/bucketWorm:BucketWorm";

/** Second names of parts, by their first. */
const SECOND_NAMES: Readonly<Record<string, string>> = {
  [AWS_LOCK]: "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
  "aws:s3/bucketVersioning:BucketVersioning": "aws:s3/bucketVersioningV2:BucketVersioningV2",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
};

const named = z.object({ bucket: z.string().optional(), bucketName: z.string().optional() });

function bucketName({ props }: PlanResource): string | undefined {
  return ifKnown(() => named.parse(props).bucket ?? named.parse(props).bucketName, undefined);
}

/**
 * What a cloud keeps beside a bucket as a resource of its own: the one that names the bucket or, while only an update
 * knows the name, the one with the bucket's logical name, which our components give to all parts of a bucket.
 */
export function partOf(plan: Plan, bucket: PlanResource, type: string): PlanResource | undefined {
  const own = bucketName(bucket);
  const parts = plan.ofType(type, SECOND_NAMES[type] ?? type).map((part) => ({ part, names: bucketName(part) }));
  const byName = parts.find(({ names }) => names !== undefined && names === own);
  const alike = parts.find(({ part, names }) => part.name === bucket.name && (names ?? own) === (own ?? names));
  return (byName ?? alike)?.part;
}

/** How a bucket refuses to let go of what was written. */
export interface Lock {
  readonly days: number;
  /** Whether nobody, an administrator included, can shorten it. */
  readonly final: boolean;
}

const retention = z.object({
  mode: z.string().optional(),
  days: z.number().optional(),
  years: z.number().optional(),
});
const rule = z.object({ defaultRetention: retention }).optional();
const awsLock = z.object({ rule });
const alibabaLock = z.object({ objectWormEnabled: z.string(), rule });
const alibabaBucketLock = z.object({ retentionPeriodInDays: z.number(), status: z.string().optional() });
const tencentBucket = z.object({
  objectLockConfiguration: z
    .object({ enabled: z.boolean(), rule: z.object({ days: z.number() }).optional() })
    .optional(),
});

/** The lock of a bucket; undefined without one. */
export function lockOf(plan: Plan, bucket: PlanResource): Lock | undefined {
  if (bucket.type === "tencentcloud:index/cosBucket:CosBucket") {
    const lock = tencentBucket.parse(bucket.props).objectLockConfiguration;
    // COS has the final kind only (cloud.tencent.com/document/product/436/76049, from memory 2026-11-24).
    return lock?.enabled === true ? { days: lock.rule?.days ?? 0, final: true } : undefined;
  }
  const aws = partOf(plan, bucket, AWS_LOCK);
  if (aws !== undefined) return byDefault(awsLock.parse(aws.props).rule?.defaultRetention);
  const objects = partOf(plan, bucket, ALIBABA_LOCK);
  if (objects !== undefined) {
    const { objectWormEnabled, rule: worm } = alibabaLock.parse(objects.props);
    return objectWormEnabled === "Enabled" ? byDefault(worm?.defaultRetention) : undefined;
  }
  const whole = partOf(plan, bucket, ALIBABA_BUCKET_LOCK);
  if (whole === undefined) return undefined;
  const { retentionPeriodInDays, status } = alibabaBucketLock.parse(whole.props);
  return { days: retentionPeriodInDays, final: status === "Locked" };
}

function byDefault(given: z.infer<typeof retention> | undefined): Lock {
  const { mode, days = 0, years = 0 } = given ?? {};
  return { days: days + years * 365, final: mode === "COMPLIANCE" };
}

const trail = z.object({ s3BucketName: z.string() });

/** Buckets that hold audit records: those named for it, those that are locked, and those that a trail of AWS writes to. */
export function auditBuckets(plan: Plan): readonly PlanResource[] {
  const written = plan.ofType(TRAIL).map(({ props }) => ifKnown(() => trail.parse(props).s3BucketName, undefined));
  return plan.ofType(...BUCKET_TYPES).filter((bucket) => {
    const name = bucketName(bucket);
    const isNamed = /\baudit\b/.test(bucket.name) || (name !== undefined && /\baudit\b/.test(name));
    return isNamed || (name !== undefined && written.includes(name)) || lockOf(plan, bucket) !== undefined;
  });
}

const AWS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ALIBABA_BLOCK = "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock";

const AWS_BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;
const acl = z.object({ acl: z.string().optional() });
const alibabaBlock = z.object({ blockPublicAccess: z.boolean().optional() });

/** In which ways a bucket can be public or become so; none for a private one. */
export function* publicWays(plan: Plan, bucket: PlanResource): Iterable<string> {
  const { acl: access = "private" } = acl.parse(bucket.props);
  if (access !== "private") yield `acl is ${access}`;
  if (bucket.type === "tencentcloud:index/cosBucket:CosBucket") return;
  const isAlibaba = bucket.type === "alicloud:oss/bucket:Bucket";
  if (isAlibaba) {
    const own = partOf(plan, bucket, "alicloud:oss/bucketAcl:BucketAcl");
    const { acl: later = "private" } = acl.parse(own?.props ?? {});
    if (later !== "private") yield `acl is ${later}`;
  }
  const block = partOf(plan, bucket, isAlibaba ? ALIBABA_BLOCK : AWS_BLOCK);
  if (block === undefined) yield "nothing blocks public access";
  else if (isAlibaba) {
    if (alibabaBlock.parse(block.props).blockPublicAccess !== true) yield "blockPublicAccess is not true";
  } else for (const field of AWS_BLOCKS) if (block.props[field] !== true) yield `${field} is not true`;
}
