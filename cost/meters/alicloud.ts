import { z } from "zod";
import { assumed } from "../assumptions.ts";
import { ALICLOUD_FREE } from "../free/alicloud.ts";
import { free, type Meter, type Meters, noPrice, unpriced, usage } from "../meter.ts";
import { exactly, HOURS_A_MONTH, sumOf } from "../money.ts";
import { poolUsage } from "../nodes.ts";
import { read } from "../resource.ts";

const nodePool = z.object({
  instanceTypes: z.array(z.string()).min(1),
  scalingConfig: z.object({ minSize: z.number(), maxSize: z.number() }),
  labels: z.array(z.object({ key: z.string(), value: z.string() })),
  systemDiskCategory: z.string(),
  systemDiskPerformanceLevel: z.string(),
  systemDiskSize: z.number(),
});

const nodePoolMeter: Meter = (resource, context) => {
  const pool = read(nodePool, resource);
  const machine = pool.instanceTypes[0] ?? "";
  const { minSize, maxSize } = pool.scalingConfig;
  return poolUsage(
    {
      role: pool.labels.find(({ key }) => key === "breakwater.dev/pool")?.value ?? "",
      machine,
      sku: machine,
      min: minSize,
      max: maxSize,
      disks: [{ sku: `${ESSD}.${pool.systemDiskPerformanceLevel.toLowerCase()}`, gb: pool.systemDiskSize }],
    },
    context,
  );
};

/** The topology uses no other kind of disk; the level is in the name of the price. */
const ESSD = "essd";

const clusterMeter: Meter = (resource) => {
  const { clusterSpec } = read(z.object({ clusterSpec: z.string() }), resource);
  return [
    usage({
      what: `ACK control plane ${clusterSpec}`,
      category: "kubernetes",
      sku: clusterSpec,
      quantity: exactly(HOURS_A_MONTH),
    }),
  ];
};

const natMeter: Meter = () => [
  usage({ what: "NAT gateway", category: "network", sku: "nat.internet.instance", quantity: exactly(HOURS_A_MONTH) }),
  usage({
    what: "NAT gateway capacity units",
    category: "network",
    sku: "nat.internet.cu",
    quantity: assumed("capacityUnits", HOURS_A_MONTH),
    assumptions: ["capacityUnits"],
  }),
];

const addressMeter: Meter = (resource, { people, isFirst }) => {
  const { internetChargeType } = read(z.object({ internetChargeType: z.string() }), resource);
  if (internetChargeType !== "PayByTraffic") {
    return [unpriced("network", "public address by bandwidth", "the price book has no price for it")];
  }
  if (!isFirst(resource)) return [free("counted with the first address")];
  return [
    usage({
      what: "traffic to the internet",
      category: "network",
      sku: "eip.traffic",
      quantity: assumed("egress", people),
      assumptions: ["egress"],
    }),
  ];
};

const loadBalancerMeter: Meter = (resource) => {
  const { loadBalancerEdition } = read(z.object({ loadBalancerEdition: z.string() }), resource);
  return [
    usage({
      what: "load balancer",
      category: "network",
      sku: "alb.basic.instance",
      quantity: exactly(HOURS_A_MONTH),
      ...(loadBalancerEdition === "Basic"
        ? {}
        : { assumed: `the price of the basic edition, though this is ${loadBalancerEdition}` }),
    }),
    usage({
      what: "load balancer capacity units",
      category: "network",
      sku: "alb.lcu",
      quantity: assumed("capacityUnits", HOURS_A_MONTH),
      assumptions: ["capacityUnits"],
    }),
  ];
};

const bucketMeter: Meter = (resource, { isFirst, people }) => {
  if (!isFirst(resource)) return [free("counted with the first bucket")];
  const { redundancyType } = read(z.object({ redundancyType: z.enum(["LRS", "ZRS"]) }), resource);
  return [
    usage({
      what: "object storage, all buckets",
      category: "storage",
      sku: `oss.standard.${redundancyType.toLowerCase()}`,
      quantity: assumed("objects", people),
      assumptions: ["objects"],
    }),
  ];
};

const logStoreMeter: Meter = (resource, { isFirst, people }) =>
  isFirst(resource)
    ? [
        usage({
          what: "logs written, all log stores",
          category: "observability",
          sku: "sls.ingest-by-write",
          quantity: sumOf([assumed("logsAtRest"), assumed("logs", people)]),
          assumptions: ["logs", "logsAtRest"],
        }),
        unpriced("observability", "logs kept beyond the first 30 days", "the price book has no price for it"),
      ]
    : [free("counted with the first log store")];

const keyMeter: Meter = ({ inputs }) =>
  inputs["dkmsInstanceId"] === undefined
    ? [usage({ what: "encryption keys", category: "security", sku: "kms.key", quantity: exactly(1) })]
    : [free("counted with the KMS instance that holds it, which is unpriced")];

const databaseMeter: Meter = (resource) => {
  const { instanceType, instanceStorage } = read(
    z.object({ instanceType: z.string(), instanceStorage: z.number() }),
    resource,
  );
  return [
    unpriced("database", `PostgreSQL ${instanceType}, ${instanceStorage} GB`, "the price book has no price for it"),
  ];
};

/** What Alibaba Cloud rents. */
export const alicloudMeters: Meters = {
  prefix: "alicloud:",
  meters: {
    "alicloud:alb/loadBalancer:LoadBalancer": loadBalancerMeter,
    "alicloud:bastionhost/instance:Instance": noPrice("security", "bastion host, by month"),
    "alicloud:cloudfirewall/natFirewall:NatFirewall": noPrice("security", "NAT firewall of Cloud Firewall"),
    "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": noPrice(
      "registry",
      "Container Registry, Enterprise",
    ),
    "alicloud:cs/managedKubernetes:ManagedKubernetes": clusterMeter,
    "alicloud:cs/nodePool:NodePool": nodePoolMeter,
    "alicloud:ecs/eipAddress:EipAddress": addressMeter,
    "alicloud:hbr/replicationVault:ReplicationVault": noPrice("storage", "copies of backups in another region"),
    "alicloud:hbr/vault:Vault": noPrice("storage", "backups in Cloud Backup"),
    "alicloud:kms/instance:Instance": noPrice("security", "KMS instance, several thousand CNY a month"),
    "alicloud:kms/key:Key": keyMeter,
    "alicloud:log/store:Store": logStoreMeter,
    "alicloud:nas/fileSystem:FileSystem": noPrice("storage", "NAS file system, Extreme"),
    "alicloud:oss/bucket:Bucket": bucketMeter,
    "alicloud:privatelink/vpcEndpointZone:VpcEndpointZone": noPrice(
      "network",
      "PrivateLink endpoints, by zone and hour",
    ),
    "alicloud:pvtz/zone:Zone": noPrice("network", "private DNS zones"),
    "alicloud:rds/instance:Instance": databaseMeter,
    "alicloud:threatdetection/instance:Instance": noPrice("security", "Security Center, by core and day"),
    "alicloud:vpc/natGateway:NatGateway": natMeter,
  },
  free: ALICLOUD_FREE,
};
