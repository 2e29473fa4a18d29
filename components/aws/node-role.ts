import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { all } from "@pulumi/pulumi/output.js";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import type { PrivateBucket } from "./buckets.ts";
import { type AwsContext, named, type PlainContext } from "./context.ts";
import { document, managedPolicy, type Statement, trustedService } from "./policies.ts";

/** What AWS says a node needs; the network plugin has its rights by its own pod. */
const MANAGED = { worker: "AmazonEKSWorkerNodePolicy", images: "AmazonEC2ContainerRegistryPullOnly" } as const;

/** The role of all nodes: join, pull images, read gVisor's files; pods have none of it. */
export function nodeRole(
  name: string,
  context: AwsContext,
  artifacts: PrivateBucket,
  opts: CustomResourceOptions,
): { readonly role: Role; readonly ready: Resource } {
  const role = new Role(
    name,
    {
      name: named(context, "role", `nodes-${context.demand.region}`),
      // Of EC2 alone, China has a name of its own (IAM user guide of China, remembered).
      assumeRolePolicy: trustedService(`ec2.${context.partition.dnsSuffix}`),
      tags: { ...context.tags },
    },
    opts,
  );
  const attached = Object.entries(MANAGED).map(
    ([what, policy]) =>
      new RolePolicyAttachment(`${name}-${what}`, { role: role.name, policyArn: managedPolicy(context, policy) }, opts),
  );
  const policy = all([artifacts.bucket.arn, context.account]).apply(([bucketArn, account]) =>
    document(...nodeRights(context, { bucketArn, account })),
  );
  const own = new RolePolicy(name, { role: role.id, policy }, { ...opts, dependsOn: attached });
  return { role, ready: own };
}

/** What a node may do beside AWS's own policies: read gVisor, and fill the cache of public images. */
export function nodeRights(
  context: PlainContext,
  { bucketArn, account }: { readonly bucketArn: string; readonly account: string },
): readonly Statement[] {
  const { partition, demand } = context;
  const read: Statement = { Effect: "Allow", Action: "s3:GetObject", Resource: `${bucketArn}/gvisor/*` };
  const prefix = named(context, "pullThrough", "mirror");
  const cache: Statement = {
    Effect: "Allow",
    Action: ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"],
    Resource: `arn:${partition.arn}:ecr:${demand.region}:${account}:repository/${prefix}*`,
  };
  // The key of the bucket, which only S3 may use in a node's name.
  const decrypt: Statement = {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: `arn:${partition.arn}:kms:${demand.region}:${account}:key/*`,
    Condition: {
      StringEquals: { "kms:ViaService": `s3.${demand.region}.${partition.dnsSuffix}` },
      StringLike: { "kms:EncryptionContext:aws:s3:arn": `${bucketArn}*` },
    },
  };
  return [read, decrypt, cache];
}
