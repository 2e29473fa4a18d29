import { z } from "zod";
import { ASSUMPTIONS, assumed } from "../assumptions.ts";
import { AWS_FREE } from "../free/aws.ts";
import { free, type Meter, type Meters, noPrice, unpriced, usage } from "../meter.ts";
import { between, exactly, HOURS_A_MONTH, sumOf } from "../money.ts";
import { poolUsage } from "../nodes.ts";
import { isSecret, isUnknown, read, Unreadable } from "../resource.ts";

const endpoint = z.object({ vpcEndpointType: z.string().optional(), serviceName: z.string() });

const nodeGroup = z.object({
  instanceTypes: z.array(z.string()).min(1),
  scalingConfig: z.object({ minSize: z.number(), desiredSize: z.number().optional(), maxSize: z.number() }),
  labels: z.object({ "breakwater.dev/pool": z.string() }),
});
const template = z.object({
  blockDeviceMappings: z.array(z.object({ ebs: z.object({ volumeSize: z.number(), volumeType: z.string() }) })).min(1),
});

/** The disks are in the launch template, which the group depends on. */
const nodeGroupMeter: Meter = (resource, context) => {
  const { instanceTypes, scalingConfig, labels } = read(nodeGroup, resource);
  const machine = instanceTypes[0] ?? "";
  const source = (resource.dependencies ?? [])
    .map(context.resource)
    .find((other) => other?.type === "aws:ec2/launchTemplate:LaunchTemplate");
  const disks = source === undefined ? [] : read(template, source).blockDeviceMappings.map(({ ebs }) => ebs);
  return [
    ...poolUsage(
      {
        role: labels["breakwater.dev/pool"],
        machine,
        sku: machine,
        min: scalingConfig.minSize,
        desired: scalingConfig.desiredSize,
        max: scalingConfig.maxSize,
        disks: disks.map(({ volumeType, volumeSize }) => ({ sku: `ebs.${volumeType}`, gb: volumeSize })),
      },
      context,
    ),
    ...(disks.length === 0
      ? [unpriced("storage", "disks of nodes", "its launch template is not among what it depends on")]
      : []),
  ];
};

const clusterMeter: Meter = (resource) => {
  const { upgradePolicy } = read(
    z.object({ upgradePolicy: z.object({ supportType: z.enum(["STANDARD", "EXTENDED"]) }).optional() }),
    resource,
  );
  const standard = upgradePolicy?.supportType === "STANDARD";
  return [
    usage({
      what: "EKS control plane",
      category: "kubernetes",
      sku: "eks.cluster",
      quantity: exactly(HOURS_A_MONTH),
      ...(standard
        ? {}
        : { assumed: "the Kubernetes version is in standard support; extended support costs six times that" }),
    }),
  ];
};

/** Zones of an endpoint or firewall; a list that only an update knows is counted as three. */
function zonesOf(value: unknown): { readonly count: number; readonly assumed?: string } {
  if (Array.isArray(value)) return { count: value.length };
  if (isSecret(value)) throw new Unreadable("its zones are a secret");
  return isUnknown(value)
    ? { count: 3, assumed: "three zones, because they are known only after an update" }
    : { count: 1 };
}

/** What goes through all interface endpoints is logs, images and the cloud's APIs: about the logs. Metered at that of the logs. */
const endpointMeter: Meter = (resource, { people }) => {
  const { vpcEndpointType, serviceName } = read(endpoint, resource);
  if (vpcEndpointType !== "Interface") return [free("gateway endpoints cost nothing")];
  const { count, ...more } = zonesOf(resource.inputs["subnetIds"]);
  return [
    usage({
      what: "interface endpoints",
      category: "network",
      sku: "vpc-endpoint.interface",
      quantity: exactly(count * HOURS_A_MONTH),
      ...more,
    }),
    ...(serviceName.endsWith(".logs")
      ? [
          usage({
            what: "data through interface endpoints",
            category: "network",
            sku: "vpc-endpoint.interface.data",
            quantity: logs(people),
            assumptions: ["logs", "logsAtRest"],
          }),
        ]
      : []),
  ];
};

function logs(people: number) {
  return sumOf([assumed("logsAtRest"), assumed("logs", people)]);
}

const natMeter: Meter = (resource, { isFirst, people }) => [
  usage({ what: "NAT gateways", category: "network", sku: "nat-gateway", quantity: exactly(HOURS_A_MONTH) }),
  ...(isFirst(resource)
    ? [
        usage({
          what: "data through NAT gateways",
          category: "network",
          sku: "nat-gateway.data",
          quantity: assumed("egress", people),
          assumptions: ["egress"],
        }),
        usage({
          what: "traffic to the internet",
          category: "network",
          sku: "transfer.internet.first-10TB",
          quantity: assumed("egress", people),
          assumptions: ["egress"],
          assumed: "all of it at the price of the first 10 TB",
        }),
      ]
    : []),
];

const firewallMeter: Meter = ({ inputs }, { people }) => {
  const { count, ...more } = zonesOf(inputs["subnetMappings"]);
  return [
    usage({
      what: "Network Firewall endpoints",
      category: "security",
      sku: "network-firewall.endpoint",
      quantity: exactly(count * HOURS_A_MONTH),
      ...more,
    }),
    usage({
      what: "data through Network Firewall",
      category: "security",
      sku: "network-firewall.data",
      quantity: assumed("egress", people),
      assumptions: ["egress"],
    }),
  ];
};

const loadBalancerMeter: Meter = (resource) => {
  const { loadBalancerType } = read(z.object({ loadBalancerType: z.enum(["application", "network"]) }), resource);
  const [sku, unit] = loadBalancerType === "application" ? ["alb", "lcu"] : ["nlb", "nlcu"];
  return [
    usage({ what: "load balancer", category: "network", sku, quantity: exactly(HOURS_A_MONTH) }),
    usage({
      what: "load balancer capacity units",
      category: "network",
      sku: `${sku}.${unit}`,
      quantity: assumed("capacityUnits", HOURS_A_MONTH),
      assumptions: ["capacityUnits"],
    }),
  ];
};

const databaseMeter: Meter = (resource) => {
  const { instanceClass, multiAz, allocatedStorage, backupRetentionPeriod } = read(
    z.object({
      instanceClass: z.string(),
      multiAz: z.boolean().default(false),
      allocatedStorage: z.number(),
      backupRetentionPeriod: z.number().default(0),
    }),
    resource,
  );
  const twice = multiAz ? 2 : 1;
  return [
    usage({
      what: `PostgreSQL ${instanceClass}${multiAz ? ", two zones" : ""}`,
      category: "database",
      sku: `rds.postgres.${instanceClass}`,
      quantity: exactly(HOURS_A_MONTH * twice),
    }),
    usage({
      what: "PostgreSQL storage",
      category: "database",
      sku: multiAz ? "rds.gp3.multi-az" : "rds.gp3",
      quantity: exactly(allocatedStorage),
    }),
    ...(backupRetentionPeriod === 0
      ? []
      : [
          usage({
            what: "PostgreSQL backups",
            category: "database",
            sku: "rds.backup",
            quantity: between(0, allocatedStorage / 2, allocatedStorage * 3),
            assumed:
              "backups above the free space, which is as large as the database: none, half of it, three times it",
          }),
        ]),
  ];
};

const bucketMeter: Meter = (resource, { isFirst, people }) =>
  isFirst(resource)
    ? [
        usage({
          what: "object storage, all buckets",
          category: "storage",
          sku: "s3.standard",
          quantity: assumed("objects", people),
          assumptions: ["objects"],
        }),
      ]
    : [free("counted with the first bucket")];

const logGroupMeter: Meter = (resource, { isFirst, people }) => {
  if (!isFirst(resource)) return [free("counted with the first log group")];
  const { retentionInDays } = read(z.object({ retentionInDays: z.number() }), resource);
  const months = Math.max(1, Math.round(retentionInDays / 30));
  const { logs: each, logsAtRest: idle } = ASSUMPTIONS;
  const kept = (bound: "low" | "expected" | "high") => (idle[bound] + each[bound] * people) * months * COMPRESSED;
  return [
    usage({
      what: "log ingestion, all log groups",
      category: "observability",
      sku: "cloudwatch.logs.ingest",
      quantity: logs(people),
      assumptions: ["logs", "logsAtRest"],
    }),
    usage({
      what: "logs kept, all log groups",
      category: "observability",
      sku: "cloudwatch.logs.storage",
      quantity: between(kept("low"), kept("expected"), kept("high")),
      assumptions: ["logs", "logsAtRest"],
      assumed: `${months} months of logs at 15 % of their size, as once they have all been written`,
    }),
  ];
};

/** What is kept of a log's size: AWS prices the archive by its compressed size (0.15 in its own pricing examples, from memory). */
const COMPRESSED = 0.15;

const webAclMeter: Meter = (resource, { people }) => {
  const { rules } = read(z.object({ rules: z.array(z.unknown()) }), resource);
  const { modelRequests } = ASSUMPTIONS;
  const millions = (requests: number) => (requests * people) / 1_000_000;
  return [
    usage({ what: "web firewall", category: "security", sku: "wafv2.webacl", quantity: exactly(1) }),
    usage({
      what: "rules of the web firewall",
      category: "security",
      sku: "wafv2.rule",
      quantity: exactly(rules.length),
    }),
    usage({
      what: "requests through the web firewall",
      category: "security",
      sku: "wafv2.requests",
      quantity: between(millions(modelRequests.low), millions(modelRequests.expected), millions(modelRequests.high)),
      assumptions: ["modelRequests"],
    }),
  ];
};

const repositoryMeter: Meter = () => [
  usage({
    what: "images",
    category: "registry",
    sku: "ecr.storage",
    quantity: assumed("image"),
    assumptions: ["image"],
  }),
];

/** What AWS rents. */
export const awsMeters: Meters = {
  prefix: "aws:",
  meters: {
    "aws:backup/vault:Vault": noPrice("storage", "backups of volumes and files in AWS Backup"),
    "aws:ec2/eip:Eip": noPrice("network", "public IPv4 addresses"),
    "aws:ec2/natGateway:NatGateway": natMeter,
    "aws:ec2/vpcEndpoint:VpcEndpoint": endpointMeter,
    "aws:ecr/repository:Repository": repositoryMeter,
    "aws:eks/cluster:Cluster": clusterMeter,
    "aws:eks/nodeGroup:NodeGroup": nodeGroupMeter,
    "aws:cloudwatch/logGroup:LogGroup": logGroupMeter,
    "aws:guardduty/detector:Detector": noPrice("security", "GuardDuty, by events and GB"),
    "aws:kms/key:Key": () => [
      usage({ what: "encryption keys", category: "security", sku: "kms.cmk", quantity: exactly(1) }),
    ],
    "aws:lb/loadBalancer:LoadBalancer": loadBalancerMeter,
    "aws:networkfirewall/firewall:Firewall": firewallMeter,
    "aws:rds/instance:Instance": databaseMeter,
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": noPrice(
      "security",
      "DNS firewall, by names and queries",
    ),
    "aws:route53/zone:Zone": () => [
      usage({ what: "DNS zones", category: "network", sku: "route53.zone", quantity: exactly(1) }),
    ],
    "aws:s3/bucket:Bucket": bucketMeter,
    "aws:secretsmanager/secret:Secret": () => [
      usage({ what: "secrets", category: "security", sku: "secretsmanager.secret", quantity: exactly(1) }),
    ],
    "aws:sns/topic:Topic": noPrice("observability", "mails of alarms, by number"),
    "aws:wafv2/webAcl:WebAcl": webAclMeter,
  },
  free: AWS_FREE,
};
