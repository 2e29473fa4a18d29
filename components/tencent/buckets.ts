import { interpolate, type Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { named, type TencentContext } from "./context.ts";
import type { Keys } from "./keys.ts";
import { CosBucket } from "./sdk/cos-bucket.ts";
import { CosBucketPolicy } from "./sdk/cos-bucket-policy.ts";

/** Anybody, signed in or not. */
const ANYONE = { qcs: ["qcs::cam::anyone:anyone"] };

/** A statement of a policy of COS. */
interface Statement {
  readonly effect: "allow" | "deny";
  readonly principal: typeof ANYONE;
  readonly action: readonly string[];
  readonly resource: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Refuses every request without TLS, and with an older one than 1.2. `name/cos:*` because a refusal must leave nothing
 * out. Condition keys: cloud.tencent.com/document/product/436/71307, read 2026-11-24.
 */
export function onlyTls(resource: string): readonly Statement[] {
  const all = { effect: "deny", principal: ANYONE, action: ["name/cos:*"], resource: [resource] } as const;
  return [
    { ...all, condition: { bool_equal: { "cos:secure-transport": "false" } } },
    { ...all, condition: { numeric_less_than: { "cos:tls-version": 1.2 } } },
  ];
}

/** Whoever is inside the network may read; the nodes have no identity of their own yet when they read. */
function readFrom(vpc: string, resource: string): Statement {
  return {
    effect: "allow",
    principal: ANYONE,
    action: ["name/cos:GetObject", "name/cos:HeadObject"],
    resource: [resource],
    condition: { string_equal: { "vpc:requester_vpc": [vpc] } },
  };
}

function bucketName(context: TencentContext, role: string): Output<string> {
  return interpolate`${named(context, "bucket", role)}-${context.account.appId}`;
}

function objectsOf({ demand, account }: TencentContext, bucket: CosBucket): Output<string> {
  return interpolate`qcs::cos:${demand.region}:uid/${account.appId}:${bucket.id}/*`;
}

const BASE = { acl: "private", encryptionAlgorithm: "KMS", versioningEnable: true, forceClean: false } as const;

/**
 * Where audit records end: objects that nobody, the account's owner included, can delete or replace before their time.
 *
 * Children: `${name}` (CosBucket with object lock, in several zones; CosBucketPolicy). Cost: storage, 0.118 CNY a GB and
 * month (from memory, unverified). Checked by: test/unit/components/tencent/buckets.test.ts.
 */
export class AuditBucket extends Component {
  readonly bucket: CosBucket;
  readonly policy: CosBucketPolicy;

  constructor(
    name: string,
    context: TencentContext,
    { keys }: { readonly keys: Keys },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:AuditBucket", name, opts);
    this.bucket = new CosBucket(
      name,
      {
        ...BASE,
        bucket: bucketName(context, "audit"),
        kmsId: keys.of("objects"),
        multiAz: true,
        objectLockConfiguration: { enabled: true, rule: { days: context.demand.auditRetentionDays } },
        tags: context.tags,
      },
      kept(this.child()),
    );
    this.policy = new CosBucketPolicy(
      name,
      { bucket: this.bucket.id, policy: objectsOf(context, this.bucket).apply((all) => document(onlyTls(all))) },
      this.child(),
    );
    this.registerOutputs();
  }

  /** What a CAM policy names to mean the objects below a prefix. */
  objects({ demand, account }: TencentContext, prefix: string): Output<string> {
    return interpolate`qcs::cos:${demand.region}:uid/${account.appId}:${this.bucket.id}/${prefix}*`;
  }
}

/**
 * What nodes fetch while they boot: gVisor. Public to nobody but the network's own nodes, which check its hash.
 *
 * Children: `${name}` (CosBucket, CosBucketPolicy). Checked by: test/unit/components/tencent/buckets.test.ts.
 */
export class ArtifactBucket extends Component {
  readonly id: Output<string>;
  /** Address inside the region, `https://...`, without a slash at the end. */
  readonly address: Output<string>;

  constructor(
    name: string,
    context: TencentContext,
    { vpc }: { readonly vpc: Output<string> },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:ArtifactBucket", name, opts);
    const bucket = new CosBucket(
      name,
      // No key of the company's: a reader without an identity could not use it, and these files are public ones.
      { ...BASE, encryptionAlgorithm: "AES256", bucket: bucketName(context, "artifacts"), tags: context.tags },
      kept(this.child()),
    );
    this.id = bucket.id;
    const all = objectsOf(context, bucket);
    const statements = interpolate`${all}\n${vpc}`.apply((text) => {
      const [resource = "", network = ""] = text.split("\n");
      return document([...onlyTls(resource), readFrom(network, resource)]);
    });
    new CosBucketPolicy(name, { bucket: bucket.id, policy: statements }, this.child());
    this.address = interpolate`https://${bucket.id}.cos.${context.demand.region}.myqcloud.com`;
    this.registerOutputs();
  }
}

function document(statement: readonly Statement[]): string {
  return JSON.stringify({ version: "2.0", statement });
}
