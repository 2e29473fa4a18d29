import { Trail } from "@pulumi/aws/cloudtrail/trail.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import type { PrivateBucket } from "./buckets.ts";
import { type AwsContext, named, type PlainContext, tagged } from "./context.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { document } from "./policies.ts";
import { detectThreats } from "./threat-detection.ts";

/** What is written down, each in its own group. */
const GROUPS = ["cluster", "flows", "egress", "database", "entry"] as const;
export type LogName = (typeof GROUPS)[number];

/** Days that CloudWatch Logs can keep events (types of @pulumi/aws 7.48.0, read 2026-11-24). */
export const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** The shortest retention that is at least this long; 0 keeps for ever, where none is. */
export function retentionDays(atLeast: number): number {
  return RETENTIONS.find((days) => days >= atLeast) ?? 0;
}

/** Name of a group; services of AWS ask for theirs. */
export function logGroupName(context: PlainContext, log: LogName): string {
  switch (log) {
    case "cluster":
      return `/aws/eks/${named(context, "cluster", "cluster")}/cluster`;
    case "database":
      return `/aws/rds/instance/${named(context, "database", "database")}/postgresql`;
    case "entry":
      return `aws-waf-logs-${named(context, "logGroup", "entry")}`;
    default:
      return `/breakwater/${named(context, "logGroup", log)}`;
  }
}

/**
 * What happened at the border and in the cluster's control plane: log groups with the customer's key, kept as long as
 * audit records, and the flow log of the network.
 *
 * Children: LogGroup for each of control plane, flows, egress filter, database and entry; Role, RolePolicy, FlowLog.
 * Cost: 0.5 USD a GB taken in, 0.03 a GB and month (us-east-1, 2024-07-01). Checked by: test/unit/components/aws/data.test.ts.
 */
export class Logs extends Component {
  readonly #groups: Readonly<Record<LogName, LogGroup>>;

  constructor(
    name: string,
    context: AwsContext,
    { network, keys }: { readonly network: Network; readonly keys: Keys },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:aws:Logs", name, opts);
    const group = (log: LogName) =>
      new LogGroup(
        `${name}-${log}`,
        {
          name: logGroupName(context, log),
          retentionInDays: retentionDays(context.demand.auditRetentionDays),
          kmsKeyId: keys.of("logs").arn,
          deletionProtectionEnabled: true,
          tags: { ...context.tags },
        },
        kept(this.child()),
      );
    this.#groups = {
      cluster: group("cluster"),
      flows: group("flows"),
      egress: group("egress"),
      database: group("database"),
      entry: group("entry"),
    };
    this.#flows(name, context, network);
    this.registerOutputs();
  }

  group(log: LogName): LogGroup {
    return this.#groups[log];
  }

  #flows(name: string, context: AwsContext, network: Network): void {
    const flows = this.group("flows");
    const role = new Role(
      `${name}-flows`,
      {
        name: named(context, "role", `flows-${context.demand.region}`),
        assumeRolePolicy: context.account.apply((account) =>
          document({
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": account } },
          }),
        ),
        tags: { ...context.tags },
      },
      this.child(),
    );
    const write = new RolePolicy(
      `${name}-flows`,
      {
        role: role.id,
        policy: flows.arn.apply((arn) =>
          document({
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            Resource: `${arn}:*`,
          }),
        ),
      },
      this.child(),
    );
    new FlowLog(
      name,
      {
        vpcId: network.vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: flows.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: tagged(context, named(context, "logGroup", "flows")),
      },
      this.child(write),
    );
  }
}

/**
 * Who did what in the account, in objects that nobody can delete, and who looks for trouble in it.
 *
 * Children: `${name}` (Trail), and those of threat-detection.ts. Cost: the first copy of management events is free, data events 0.1 USD for 100,000
 * (us-east-1, 2024-07-01).
 */
export class AccountTrail extends Component {
  constructor(
    name: string,
    context: AwsContext,
    { keys, audit }: { readonly keys: Keys; readonly audit: PrivateBucket },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:aws:AccountTrail", name, opts);
    const tags = tagged(context, named(context, "trail", "trail"));
    new Trail(
      name,
      {
        name: named(context, "trail", "trail"),
        s3BucketName: audit.bucket.bucket,
        s3KeyPrefix: "trail",
        kmsKeyId: keys.of("audit").arn,
        enableLogFileValidation: true,
        includeGlobalServiceEvents: true,
        isMultiRegionTrail: true,
        tags,
      },
      kept(this.child(audit.policy)),
    );
    detectThreats(name, context, this.child());
    this.registerOutputs();
  }
}
