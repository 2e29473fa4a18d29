import { z } from "zod";
import { refusesPlainHttp } from "../access-documents.ts";
import { AWS_BUCKETS, auditBuckets, BUCKET_TYPES, partOf, publicWays } from "../buckets.ts";
import { each, type Fields, isSet } from "../known.ts";
import type { Plan, PlanResource, StackRule } from "../rule.ts";

const awsVersioning = z.object({ versioningConfiguration: z.object({ status: z.string() }) });
const alibabaVersioning = z.object({ status: z.string() });
const tencentVersioning = z.object({ versioningEnable: z.boolean().optional() });
const byDefault = z.object({ rules: z.array(z.object({ applyServerSideEncryptionByDefault: z.unknown() })).min(1) });
const algorithm = z.object({ sseAlgorithm: z.string().optional() });
const https = z.object({ enable: z.boolean().optional() });

/** Versions, the customer's key, TLS: three walls that a bucket of audit records has beside being private. */
interface Walls {
  readonly versioned: (plan: Plan, bucket: PlanResource) => boolean;
  readonly ownKey: (plan: Plan, bucket: PlanResource) => boolean;
  readonly onlyTls: (plan: Plan, bucket: PlanResource) => boolean;
}

const AWS_WALLS: Walls = {
  versioned: (plan, bucket) => {
    const part = partOf(plan, bucket, "aws:s3/bucketVersioning:BucketVersioning");
    return part !== undefined && awsVersioning.parse(part.props).versioningConfiguration.status === "Enabled";
  },
  ownKey: (plan, bucket) => {
    const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const part = partOf(plan, bucket, type);
    const [first] = part === undefined ? [] : rulesOf(part.props);
    return first !== undefined && isSet(first, "kmsMasterKeyId");
  },
  onlyTls: (plan, bucket) => policyRefuses(plan, bucket, "aws:s3/bucketPolicy:BucketPolicy"),
};

const WALLS: Readonly<Record<string, Walls>> = {
  ...Object.fromEntries(AWS_BUCKETS.map((type) => [type, AWS_WALLS])),
  "alicloud:oss/bucket:Bucket": {
    versioned: (plan, bucket) => {
      const part = partOf(plan, bucket, "alicloud:oss/bucketVersioning:BucketVersioning");
      return part !== undefined && alibabaVersioning.parse(part.props).status === "Enabled";
    },
    ownKey: (plan, bucket) => {
      const part = partOf(plan, bucket, "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption");
      if (part === undefined) return false;
      return algorithm.parse(part.props).sseAlgorithm === "KMS" && isSet(part.props, "kmsMasterKeyId");
    },
    onlyTls: (plan, bucket) => {
      const part = partOf(plan, bucket, "alicloud:oss/bucketHttpsConfig:BucketHttpsConfig");
      if (part !== undefined && https.parse(part.props).enable === true) return true;
      return policyRefuses(plan, bucket, "alicloud:oss/bucketPolicy:BucketPolicy");
    },
  },
  "tencentcloud:index/cosBucket:CosBucket": {
    versioned: (_, { props }) => tencentVersioning.parse(props).versioningEnable === true,
    ownKey: (_, { props }) => props["encryptionAlgorithm"] === "KMS" && isSet(props, "kmsId"),
    onlyTls: (plan, bucket) => policyRefuses(plan, bucket, "tencentcloud:index/cosBucketPolicy:CosBucketPolicy"),
  },
};

/** Audit records hold who did what with whose data: they are as worth stealing as the data. */
export const log003: StackRule = {
  id: "LOG-003",
  subjects: BUCKET_TYPES,
  *check(plan) {
    yield* each(auditBuckets(plan), function* (bucket) {
      const { urn, type } = bucket;
      const walls = WALLS[type];
      if (walls === undefined) return;
      for (const problem of publicWays(plan, bucket)) yield { urn, problem };
      if (!walls.versioned(plan, bucket)) yield { urn, problem: "versions are not kept" };
      if (!walls.ownKey(plan, bucket)) yield { urn, problem: "not encrypted with the customer's key" };
      if (!walls.onlyTls(plan, bucket)) yield { urn, problem: "nothing refuses access without TLS" };
    });
  },
};

function rulesOf(props: Fields): readonly Fields[] {
  return byDefault.parse(props).rules.map((rule) => rule.applyServerSideEncryptionByDefault as Fields);
}

function policyRefuses(plan: Plan, bucket: PlanResource, type: string): boolean {
  const part = partOf(plan, bucket, type);
  return part !== undefined && refusesPlainHttp(part.props["policy"]);
}
