import type { Key } from "@pulumi/aws/kms/key.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { all } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { type AwsContext, named, tagged } from "./context.ts";
import { document, onlyTls, type Statement } from "./policies.ts";

/** What a bucket is for. */
export interface PrivateBucketArgs {
  /** Part of its name. */
  readonly role: "audit" | "artifacts" | "entry-logs";
  /** Customer key; undefined only where the service that writes there can use none. */
  readonly key: Key | undefined;
  /** Days in which nobody, the account's owner included, can delete an object; left out: no lock. */
  readonly lockDays?: number;
  /** Days after which current objects go; left out: they stay. */
  readonly expireDays?: number;
  /** Who may write beside the account's own identities. */
  readonly allow?: (args: { readonly bucketArn: string; readonly account: string }) => readonly Statement[];
}

/** How long an old version stays, where no lock asks for longer. */
const OLD_VERSION_DAYS = 30;

/**
 * A bucket that only this account reaches, over TLS only, encrypted and versioned; with `lockDays` its objects cannot be
 * deleted or changed by anybody before they are that old.
 *
 * Children: `${name}` (Bucket and its versioning, encryption, public access block, ownership, lifecycle, policy, and the
 * object lock). Cost: 0.023 USD a GB and month (us-east-1, 2024-07-01). Checked by: test/unit/components/aws/data.test.ts.
 */
export class PrivateBucket extends Component {
  readonly bucket: Bucket;
  readonly policy: BucketPolicy;

  constructor(name: string, context: AwsContext, args: PrivateBucketArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:PrivateBucket", name, opts);
    const { role, lockDays } = args;
    this.bucket = new Bucket(
      name,
      {
        bucket: named(context, "bucket", role),
        // Cannot be turned on later.
        objectLockEnabled: lockDays !== undefined,
        tags: tagged(context, named(context, "bucket", role)),
      },
      kept(this.child()),
    );
    const bucket = this.bucket.bucket;
    const versioned = new BucketVersioning(
      name,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      this.child(),
    );
    this.#encryption(name, args);
    const closed = new BucketPublicAccessBlock(
      name,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      this.child(),
    );
    new BucketOwnershipControls(name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, this.child());
    if (lockDays !== undefined) {
      new BucketObjectLockConfiguration(
        name,
        { bucket, rule: { defaultRetention: { mode: "COMPLIANCE", days: lockDays } } },
        kept(this.child(versioned)),
      );
    }
    this.#lifecycle(name, args, versioned);
    this.policy = new BucketPolicy(
      name,
      {
        bucket,
        policy: all([this.bucket.arn, context.account]).apply(([bucketArn, account]) =>
          document(...onlyTls(bucketArn), ...(args.allow?.({ bucketArn, account }) ?? [])),
        ),
      },
      this.child(closed),
    );
    this.registerOutputs();
  }

  #encryption(name: string, { key }: PrivateBucketArgs): void {
    const byDefault =
      key === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn };
    new BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: this.bucket.bucket,
        rules: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: key !== undefined }],
      },
      this.child(),
    );
  }

  #lifecycle(name: string, { lockDays, expireDays }: PrivateBucketArgs, versioned: BucketVersioning): void {
    new BucketLifecycleConfiguration(
      name,
      {
        bucket: this.bucket.bucket,
        rules: [
          {
            id: "clear-up",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            noncurrentVersionExpiration: { noncurrentDays: Math.max(OLD_VERSION_DAYS, lockDays ?? 0) },
            ...(expireDays === undefined ? {} : { expiration: { days: expireDays } }),
          },
        ],
      },
      // The rule about old versions needs versions.
      this.child(versioned),
    );
  }
}

/** Lets the account's trail write into the audit bucket, and nobody else's. */
export function trailWrites({ demand, partition }: AwsContext, trail: string): PrivateBucketArgs["allow"] {
  return ({ bucketArn, account }) => {
    const source = { "aws:SourceArn": `arn:${partition.arn}:cloudtrail:${demand.region}:${account}:trail/${trail}` };
    const byTrail = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" } } as const;
    return [
      {
        Sid: "TrailLooks",
        ...byTrail,
        Action: "s3:GetBucketAcl",
        Resource: bucketArn,
        Condition: { StringEquals: source },
      },
      {
        Sid: "TrailWrites",
        ...byTrail,
        Action: "s3:PutObject",
        Resource: `${bucketArn}/trail/AWSLogs/${account}/*`,
        Condition: { StringEquals: source },
      },
    ];
  };
}

/**
 * Lets load balancers of this account write their access logs. They can use no customer key, only S3's own
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html, remembered).
 */
export function entryWrites({ demand, partition }: AwsContext): PrivateBucketArgs["allow"] {
  return ({ bucketArn, account }) => [
    {
      Sid: "LoadBalancerWrites",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucketArn}/entry/AWSLogs/${account}/*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: {
          "aws:SourceArn": `arn:${partition.arn}:elasticloadbalancing:${demand.region}:${account}:loadbalancer/*`,
        },
      },
    },
  ];
}
