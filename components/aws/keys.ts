import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { type AwsContext, named, type PlainContext, tagged } from "./context.ts";
import { accountRoot, type PolicyDocument, type Statement } from "./policies.ts";

/** What each key encrypts. One key a purpose, so that a right to use one opens nothing else. */
const PURPOSES = {
  cluster: "secrets of the Kubernetes API",
  volumes: "volumes, file systems and disks of nodes",
  database: "PostgreSQL and its backups",
  audit: "audit objects and the trail of the account",
  artifacts: "what nodes and images are made of",
  logs: "log groups",
  registry: "images",
  backup: "recovery points",
  vault: "the seal of OpenBao",
  alarms: "what people are told of the account",
} as const;

export type KeyPurpose = keyof typeof PURPOSES;

const ROTATION_DAYS = 365;
/** The longest that AWS offers to take a deletion back. */
const DELETION_DAYS = 30;

/**
 * The customer keys of the environment, each rotated once a year.
 *
 * Children: Key and Alias for each purpose. Cost: 1 USD a key and month (us-east-1, 2024-07-01), more with each rotation.
 * Checked by: test/unit/components/aws/data.test.ts.
 */
export class Keys extends Component {
  readonly #keys: Readonly<Record<KeyPurpose, Key>>;

  constructor(name: string, context: AwsContext, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Keys", name, opts);
    const made = Object.entries(PURPOSES).map(([purpose, says]) => {
      const key = new Key(
        `${name}-${purpose}`,
        {
          description: `${context.demand.environment}: ${says}`,
          enableKeyRotation: true,
          rotationPeriodInDays: ROTATION_DAYS,
          deletionWindowInDays: DELETION_DAYS,
          policy: context.account.apply((account) =>
            JSON.stringify(keyPolicy(context, account, purpose as KeyPurpose)),
          ),
          tags: tagged(context, named(context, "alias", purpose)),
        },
        kept(this.child()),
      );
      const alias = { name: `alias/${named(context, "alias", purpose)}`, targetKeyId: key.keyId };
      new Alias(`${name}-${purpose}`, alias, this.child());
      return [purpose, key] as const;
    });
    this.#keys = Object.fromEntries(made) as Record<KeyPurpose, Key>;
    this.registerOutputs();
  }

  of(purpose: KeyPurpose): Key {
    return this.#keys[purpose];
  }
}

const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/**
 * Who may use a key: the account by its IAM policies and, where a service of AWS uses it for us, that service in this
 * account and region only. In a key's policy `*` as resource means the key itself.
 */
export function keyPolicy(context: PlainContext, account: string, purpose: KeyPurpose): PolicyDocument {
  const byAccount: Statement = {
    Sid: "ByIamPolicies",
    Effect: "Allow",
    Principal: { AWS: accountRoot(context, account) },
    Action: "kms:*",
    Resource: "*",
  };
  return { Version: "2012-10-17", Statement: [byAccount, ...byServices(context, account, purpose)] };
}

function byServices({ demand, partition }: PlainContext, account: string, purpose: KeyPurpose): readonly Statement[] {
  const { region } = demand;
  const { arn, dnsSuffix } = partition;
  switch (purpose) {
    case "volumes":
      // Auto Scaling starts nodes with its own role, which no policy of ours reaches; the way through EC2 is what counts.
      return [
        through(account, `ec2.${region}.${dnsSuffix}`, [...USE, "kms:CreateGrant"]),
        through(account, `elasticfilesystem.${region}.${dnsSuffix}`, [...USE, "kms:CreateGrant"]),
      ];
    case "logs":
      return [
        {
          Sid: "ByLogs",
          Effect: "Allow",
          Principal: { Service: `logs.${region}.${dnsSuffix}` },
          Action: USE,
          Resource: "*",
          Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${arn}:logs:${region}:${account}:*` } },
        },
      ];
    case "audit":
      return [
        {
          Sid: "ByTrail",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["kms:GenerateDataKey*", "kms:DescribeKey"],
          Resource: "*",
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:${arn}:cloudtrail:*:${account}:trail/*` },
          },
        },
      ];
    case "alarms":
      // EventBridge states no source here either (alarms.ts).
      return [
        {
          Sid: "ByEvents",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
        },
      ];
    default:
      return [];
  }
}

/** Everybody of this account, as far as a service of AWS asks in their name. */
function through(account: string, service: string, actions: readonly string[]): Statement {
  return {
    Sid: `Through${service.split(".")[0]}`,
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: actions,
    Resource: "*",
    Condition: { StringEquals: { "kms:CallerAccount": account, "kms:ViaService": service } },
  };
}
