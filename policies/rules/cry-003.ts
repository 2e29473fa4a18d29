import { isCloud } from "../audit-days.ts";
import { auditBuckets, partOf } from "../buckets.ts";
import { each, type Fields } from "../known.ts";
import type { Plan, StackRule } from "../rule.ts";

const KEYS = ["aws:kms/key:Key", "alicloud:kms/key:Key", "tencentcloud:index/kmsKey:KmsKey"];

/** Purposes that have a key each: audit records, the database, the cluster's secrets, the tenants' volumes. */
const PURPOSES = 4;

/** Where a key is named, by purpose: types and the fields that lead to it. */
const USES: readonly { readonly purpose: string; readonly types: Readonly<Record<string, readonly string[]>> }[] = [
  {
    purpose: "the database",
    types: {
      "aws:rds/instance:Instance": ["kmsKeyId"],
      "aws:rds/cluster:Cluster": ["kmsKeyId"],
      "alicloud:rds/instance:Instance": ["encryptionKey"],
      "tencentcloud:index/postgresqlInstance:PostgresqlInstance": ["kmsKeyId"],
    },
  },
  {
    purpose: "the cluster's secrets",
    types: {
      "aws:eks/cluster:Cluster": ["encryptionConfig", "provider", "keyArn"],
      "alicloud:cs/managedKubernetes:ManagedKubernetes": ["encryptionProviderKey"],
      "tencentcloud:index/kubernetesEncryptionProtection:KubernetesEncryptionProtection": ["kmsConfiguration", "keyId"],
    },
  },
  {
    purpose: "the tenants' volumes",
    types: { "kubernetes:storage.k8s.io/v1:StorageClass": ["parameters", "kmsKeyId"] },
  },
];

/** One key for everything cannot be taken away from one thing. Which key is used where is known after the first update. */
export const cry003: StackRule = {
  id: "CRY-003",
  subjects: KEYS,
  applies: isCloud,
  *check(plan) {
    const keys = plan.ofType(...KEYS).length;
    if (keys < PURPOSES) yield { problem: `${keys} keys for ${PURPOSES} purposes` };
    const purposeOf = new Map<unknown, string>();
    yield* each(uses(plan), function* ({ purpose, keyOf, urn }) {
      const key = keyOf();
      const other = purposeOf.get(key);
      if (other !== undefined && other !== purpose) yield { urn, problem: `${purpose} and ${other} share a key` };
      if (key !== undefined) purposeOf.set(key, purpose);
    });
  },
};

interface Use {
  readonly purpose: string;
  /** Reads which key it is; undefined for none, which is for other rules to refuse. */
  readonly keyOf: () => unknown;
  readonly urn: string;
}

function* uses(plan: Plan): Iterable<Use> {
  for (const bucket of auditBuckets(plan)) {
    const encryption =
      partOf(plan, bucket, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration") ??
      partOf(plan, bucket, "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption");
    const keyOf = () =>
      at(encryption?.props, ["rules", "0", "applyServerSideEncryptionByDefault", "kmsMasterKeyId"]) ??
      at(encryption?.props, ["kmsMasterKeyId"]) ??
      at(bucket.props, ["kmsId"]);
    yield { purpose: "audit records", keyOf, urn: bucket.urn };
  }
  for (const { purpose, types } of USES) {
    for (const { urn, type, props } of plan.ofType(...Object.keys(types))) {
      yield { purpose, keyOf: () => at(props, types[type] ?? []), urn };
    }
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Fields)[key] : undefined),
    value,
  );
}
