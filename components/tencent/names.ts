import type { NameLimit } from "../resource-names.ts";

/** What Tencent Cloud allows in names. Where no page is named, from the API references, remembered on 2026-11-24. */
export const LIMITS = {
  network: { maxLength: 60, source: "VPC CreateVpc VpcName; subnets, route tables and NAT gateways alike" },
  address: { maxLength: 20, source: "terraform provider 1.83.25, tencentcloud_eip name" },
  securityGroup: { maxLength: 60, source: "VPC CreateSecurityGroup GroupName" },
  flowLog: { maxLength: 60, source: "VPC CreateFlowLog FlowLogName" },
  firewall: { maxLength: 60, source: "CFW CreateNatFwInstance Name" },
  key: { maxLength: 60, source: "KMS CreateKey Alias: letters, digits, - and _, not KMS- at the start" },
  cluster: { maxLength: 50, source: "TKE CreateCluster ClusterName" },
  pool: { maxLength: 60, source: "TKE CreateNodePool Name" },
  role: { maxLength: 128, source: "CAM CreateRole RoleName; policies alike" },
  database: { maxLength: 60, source: "PostgreSQL CreateInstances Name" },
  bucket: { maxLength: 49, global: true, source: "COS PUT Bucket: 60 with the account's number, 11 of them" },
  registry: { maxLength: 50, global: true, source: "TCR CreateInstance RegistryName: 5 to 50, the host's first label" },
  loadBalancer: { maxLength: 60, source: "CLB CreateLoadBalancer LoadBalancerName" },
  firewallInstance: { maxLength: 50, source: "WAF instance name" },
  log: { maxLength: 60, source: "CLS CreateLogset LogsetName 255, less what is shown" },
  track: { maxLength: 48, source: "CloudAudit CreateAuditTrack Name: 3 to 48" },
  fileSystem: { maxLength: 60, source: "CFS CreateCfsPGroup Name 64" },
  license: { maxLength: 60, source: "CWP license order alias, length assumed as of others" },
  snapshotPolicy: { maxLength: 60, source: "CBS CreateAutoSnapshotPolicy AutoSnapshotPolicyName" },
} as const satisfies Readonly<Record<string, NameLimit>>;
