import type { RawResource } from "../../policies/evaluate.ts";
import { planned } from "./judge.ts";

const NAME = "acme-audit";
const RETENTION = { rule: { defaultRetention: { mode: "COMPLIANCE", days: 365 } } };
const DENIES = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" };

/** A bucket for audit records on AWS with all of its parts. @param name unknown where only an update knows it. */
export function awsBucket(name: unknown = NAME): readonly RawResource[] {
  const part = (type: string, inputs: object) => planned(`aws:s3/${type}`, { bucket: name, ...inputs }, "audit");
  const policy = {
    Version: "2012-10-17",
    Statement: [{ ...DENIES, Condition: { Bool: { "aws:SecureTransport": "false" } } }],
  };
  const byDefault = { sseAlgorithm: "aws:kms", kmsMasterKeyId: { __pulumiUnknown: true } };
  return [
    part("bucket:Bucket", {}),
    part("bucketObjectLockConfiguration:BucketObjectLockConfiguration", RETENTION),
    part("bucketVersioning:BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
    part("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
      rules: [{ applyServerSideEncryptionByDefault: byDefault }],
    }),
    part("bucketPublicAccessBlock:BucketPublicAccessBlock", {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
    part("bucketPolicy:BucketPolicy", { policy: JSON.stringify(policy) }),
  ];
}

const TWO_NAMES = [
  "Bucket",
  "BucketObjectLockConfiguration",
  "BucketVersioning",
  "BucketServerSideEncryptionConfiguration",
];

/** The same bucket of AWS, and those of its parts that have one, by the second names of the provider. */
export function bySecondNames(resources: readonly RawResource[]): readonly RawResource[] {
  return resources.map((resource) => {
    const [provider, module, name = ""] = resource.type.split(":");
    return TWO_NAMES.includes(name) ? { ...resource, type: `${provider}:${module}V2:${name}V2` } : resource;
  });
}

/** The same on Alibaba Cloud. */
export function alibabaBucket(name: unknown = NAME): readonly RawResource[] {
  const part = (type: string, inputs: object) => planned(`alicloud:oss/${type}`, { bucket: name, ...inputs }, "audit");
  return [
    part("bucket:Bucket", {}),
    planned(
      "alicloud:oss/bucketObjectWormConfiguration:BucketObjectWormConfiguration",
      { bucketName: name, objectWormEnabled: "Enabled", ...RETENTION },
      "audit",
    ),
    part("bucketVersioning:BucketVersioning", { status: "Enabled" }),
    part("bucketServerSideEncryption:BucketServerSideEncryption", {
      sseAlgorithm: "KMS",
      kmsMasterKeyId: { __pulumiUnknown: true },
    }),
    part("bucketPublicAccessBlock:BucketPublicAccessBlock", { blockPublicAccess: true }),
    part("bucketHttpsConfig:BucketHttpsConfig", { enable: true }),
  ];
}

/** The same on Tencent Cloud. */
export function tencentBucket(name: unknown = NAME): readonly RawResource[] {
  const statement = [
    { effect: "deny", action: ["*"], resource: ["*"], condition: { bool_equal: { "cos:secure-transport": "false" } } },
  ];
  return [
    planned(
      "tencentcloud:index/cosBucket:CosBucket",
      {
        bucket: name,
        acl: "private",
        versioningEnable: true,
        encryptionAlgorithm: "KMS",
        kmsId: { __pulumiUnknown: true },
        objectLockConfiguration: { enabled: true, rule: { days: 365 } },
      },
      "audit",
    ),
    planned(
      "tencentcloud:index/cosBucketPolicy:CosBucketPolicy",
      { bucket: name, policy: { version: "2.0", statement } },
      "audit",
    ),
  ];
}

/** By topology. */
export const CLOUDS = { aws: awsBucket, alibaba: alibabaBucket, tencent: tencentBucket } as const;

/** The same without the parts whose type has this word. */
export function without(resources: readonly RawResource[], word: string): readonly RawResource[] {
  return resources.filter(({ type }) => !type.includes(word));
}

/** The same with other inputs for the part whose type has this word. */
export function changed(resources: readonly RawResource[], word: string, change: object): readonly RawResource[] {
  return resources.map((resource) =>
    resource.type.split(":").at(-1)?.includes(word) === true
      ? { ...resource, inputs: { ...resource.inputs, ...change } }
      : resource,
  );
}
