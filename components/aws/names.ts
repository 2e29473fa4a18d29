import type { NameLimit } from "../resource-names.ts";

/** What AWS allows in names, from the API references of the services. Remembered, not read again on 2026-11-24. */
export const LIMITS = {
  cluster: { maxLength: 100, source: "EKS CreateCluster name" },
  nodeGroup: { maxLength: 63, source: "EKS CreateNodegroup nodegroupName" },
  launchTemplate: { maxLength: 128, source: "EC2 CreateLaunchTemplate LaunchTemplateName" },
  role: { maxLength: 64, source: "IAM CreateRole RoleName" },
  bucket: { maxLength: 63, global: true, source: "S3 bucket naming rules" },
  repository: { maxLength: 256, separator: "/", source: "ECR CreateRepository repositoryName" },
  pullThrough: {
    maxLength: 25,
    source: "ECR CreatePullThroughCacheRule ecrRepositoryPrefix 30, less the name of the upstream",
  },
  alias: { maxLength: 250, separator: "-", source: "KMS CreateAlias AliasName, less alias/" },
  database: { maxLength: 63, source: "RDS CreateDBInstance DBInstanceIdentifier" },
  loadBalancer: { maxLength: 32, source: "ELBv2 CreateLoadBalancer Name" },
  targetGroup: { maxLength: 32, source: "ELBv2 CreateTargetGroup Name" },
  firewall: { maxLength: 128, source: "Network Firewall CreateFirewall FirewallName" },
  vault: { maxLength: 50, source: "Backup CreateBackupVault BackupVaultName" },
  trail: { maxLength: 128, source: "CloudTrail CreateTrail Name" },
  topic: { maxLength: 256, source: "SNS CreateTopic Name" },
  eventRule: { maxLength: 64, source: "EventBridge PutRule Name" },
  logPolicy: { maxLength: 256, source: "CloudWatch Logs PutResourcePolicy policyName, length assumed as of others" },
  webAcl: { maxLength: 128, source: "WAFv2 CreateWebACL Name" },
  /** Longer than anything here; the prefix that a service asks for comes on top. */
  logGroup: { maxLength: 400, source: "CloudWatch Logs CreateLogGroup logGroupName 512, less prefixes" },
  resolver: { maxLength: 64, source: "Route 53 Resolver CreateFirewallRuleGroup Name" },
} as const satisfies Readonly<Record<string, NameLimit>>;
