import { Bucket as OssBucket } from "@pulumi/alicloud/oss/bucket.js";
import { BucketHttpsConfig } from "@pulumi/alicloud/oss/bucketHttpsConfig.js";
import { BucketObjectWormConfiguration } from "@pulumi/alicloud/oss/bucketObjectWormConfiguration.js";
import { BucketPolicy } from "@pulumi/alicloud/oss/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/alicloud/oss/bucketPublicAccessBlock.js";
import { BucketServerSideEncryption } from "@pulumi/alicloud/oss/bucketServerSideEncryption.js";
import { BucketVersioning } from "@pulumi/alicloud/oss/bucketVersioning.js";
import { type Input, interpolate, type Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { type AlibabaContext, named } from "./context.ts";
import { json } from "./identity.ts";

/** What {@link Bucket} needs. */
export interface BucketArgs {
  readonly context: AlibabaContext;
  /** Part of its name: what it is for. */
  readonly role: string;
  readonly keyId: Input<string>;
  /** Days that nobody can delete or change an object; left out: none. */
  readonly lockedDays?: number;
  /** The network that alone may read; left out where a service of Alibaba Cloud reads for us. */
  readonly readFrom?: Input<string>;
}

/**
 * A bucket that is encrypted with a customer key, private, versioned, and answers by TLS 1.2 or later alone. A locked one
 * keeps every version for its days, in compliance mode: no account can shorten it, the owner's neither.
 *
 * Children: Bucket, BucketServerSideEncryption, BucketPublicAccessBlock, BucketVersioning, BucketHttpsConfig, BucketPolicy,
 * BucketObjectWormConfiguration where locked. Cost: 0.15 CNY a GB and month (zone-redundant, low confidence).
 * Checked by: test/unit/components/alibaba/storage.test.ts.
 */
export class Bucket extends Component {
  readonly bucketName: Output<string>;

  constructor(name: string, args: BucketArgs, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:Bucket", name, opts);
    const made = new OssBucket(
      name,
      {
        bucket: named(args.context, "bucket", args.role),
        storageClass: "Standard",
        redundancyType: "ZRS",
        forceDestroy: false,
        tags: args.context.tags,
      },
      kept(this.child()),
    );
    const bucket = made.id;
    new BucketServerSideEncryption(name, { bucket, sseAlgorithm: "KMS", kmsMasterKeyId: args.keyId }, this.child());
    const closed = new BucketPublicAccessBlock(name, { bucket, blockPublicAccess: true }, this.child());
    const versioned = new BucketVersioning(name, { bucket, status: "Enabled" }, this.child());
    new BucketHttpsConfig(
      name,
      {
        bucket,
        enable: true,
        tlsVersions: ["TLSv1.2", "TLSv1.3"],
        cipherSuit: { enable: true, strongCipherSuite: true },
      },
      this.child(),
    );
    new BucketPolicy(name, { bucket, policy: json(denials(made.id, args)) }, this.child(closed));
    if (args.lockedDays !== undefined) {
      new BucketObjectWormConfiguration(
        name,
        {
          bucketName: bucket,
          objectWormEnabled: "Enabled",
          rule: { defaultRetention: { mode: "COMPLIANCE", days: args.lockedDays } },
        },
        kept(this.child(versioned)),
      );
    }
    this.bucketName = made.id;
    this.registerOutputs();
  }
}

/** Only refusals: who may do something is said by roles. A refusal for everybody opens nothing to the public. */
function denials(bucket: Input<string>, { readFrom }: BucketArgs): unknown {
  const all = [interpolate`acs:oss:*:*:${bucket}`, interpolate`acs:oss:*:*:${bucket}/*`];
  const withoutTls = {
    Effect: "Deny",
    Principal: ["*"],
    Action: ["oss:*"],
    Resource: all,
    Condition: { Bool: { "acs:SecureTransport": ["false"] } },
  };
  if (readFrom === undefined) return { Version: "1", Statement: [withoutTls] };
  const fromElsewhere = {
    Effect: "Deny",
    Principal: ["*"],
    Action: ["oss:GetObject", "oss:GetObjectVersion", "oss:ListObjects", "oss:ListObjectVersions"],
    Resource: all,
    Condition: { StringNotEquals: { "acs:SourceVpc": [readFrom] } },
  };
  return { Version: "1", Statement: [withoutTls, fromElsewhere] };
}
