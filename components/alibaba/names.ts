import type { NameLimit } from "../resource-names.ts";

/** What Alibaba Cloud allows in names, from the API references of the services. Remembered where no source says "read". */
export const LIMITS = {
  network: { maxLength: 128, source: "VPC CreateVpc VpcName, CreateVSwitch VSwitchName, 2 to 128" },
  securityGroup: { maxLength: 128, source: "ECS CreateSecurityGroup SecurityGroupName, 2 to 128" },
  cluster: { maxLength: 63, source: "CS CreateCluster name, 1 to 63" },
  nodePool: { maxLength: 63, source: "CS CreateClusterNodePool nodepool_info.name, 1 to 63" },
  role: { maxLength: 64, source: "RAM CreateRole RoleName, 1 to 64" },
  policy: { maxLength: 128, source: "RAM CreatePolicy PolicyName, 1 to 128" },
  bucket: { maxLength: 63, global: true, source: "OSS naming rules of buckets, 3 to 63, among all customers" },
  project: {
    maxLength: 63,
    global: true,
    source: "SLS CreateProject projectName, 3 to 63, among all customers of a region",
  },
  registry: { maxLength: 30, global: true, source: "CR CreateInstance InstanceName, 3 to 30; part of its host name" },
  alias: { maxLength: 249, separator: "-", source: "KMS CreateAlias AliasName, 255 less alias/" },
  keyStore: { maxLength: 128, source: "KMS instance name" },
  database: { maxLength: 255, source: "RDS CreateDBInstance DBInstanceDescription, 2 to 255" },
  bastion: {
    maxLength: 63,
    source: "bastionhost.Instance description, 1 to 63 (@pulumi/alicloud 3.108.0, read 2026-12-01)",
  },
  fileSystem: {
    maxLength: 128,
    source: "NAS CreateFileSystem Description, 2 to 128 (@pulumi/alicloud 3.108.0, read 2026-11-24)",
  },
  accessGroup: { maxLength: 64, source: "NAS CreateAccessGroup AccessGroupName, 3 to 64" },
  loadBalancer: { maxLength: 128, source: "ALB CreateLoadBalancer LoadBalancerName, 2 to 128" },
  vault: { maxLength: 64, source: "HBR CreateVault VaultName, 1 to 64" },
  trail: { maxLength: 36, source: "ActionTrail CreateTrail Name, 6 to 36" },
  firewall: { maxLength: 50, source: "Cloud Firewall CreateSecurityProxy ProxyName, 4 to 50" },
  addressBook: { maxLength: 128, source: "Cloud Firewall AddAddressBook GroupName" },
} as const satisfies Readonly<Record<string, NameLimit>>;
