import { z } from "zod";
import { assumed } from "../assumptions.ts";
import { TENCENTCLOUD_FREE } from "../free/tencentcloud.ts";
import { free, type Meter, type Meters, noPrice, type Usage, unpriced, usage } from "../meter.ts";
import { exactly, HOURS_A_MONTH } from "../money.ts";
import { poolUsage } from "../nodes.ts";
import { read } from "../resource.ts";

const nodePool = z.object({
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
  native: z.object({
    instanceTypes: z.array(z.string()).min(1),
    scaling: z.object({ minReplicas: z.number(), maxReplicas: z.number() }),
    systemDisk: z.object({ diskSize: z.number(), diskType: z.string() }),
  }),
});

const nodePoolMeter: Meter = (resource, context) => {
  const { labels, native } = read(nodePool, resource);
  const machine = native.instanceTypes[0] ?? "";
  return poolUsage(
    {
      role: labels.find(({ name }) => name === "breakwater.dev/pool")?.value ?? "",
      machine,
      sku: `cvm.${machine}`,
      min: native.scaling.minReplicas,
      max: native.scaling.maxReplicas,
      disks: [{ sku: `cbs.${native.systemDisk.diskType.toLowerCase()}`, gb: native.systemDisk.diskSize }],
    },
    context,
  );
};

const clusterMeter: Meter = (resource) => {
  const { clusterLevel } = read(z.object({ clusterLevel: z.string() }), resource);
  return [
    usage({
      what: `TKE control plane, level ${clusterLevel}`,
      category: "kubernetes",
      sku: `tke.cluster.${clusterLevel}`,
      quantity: exactly(HOURS_A_MONTH),
    }),
  ];
};

const loadBalancerMeter: Meter = () => [
  usage({ what: "load balancer", category: "network", sku: "clb.instance", quantity: exactly(HOURS_A_MONTH) }),
];

/** Product version 2 is charged by instance and capacity unit, and the price book has the older one alone. */
const natMeter: Meter = (resource) => {
  const { natProductVersion, bandwidth } = read(
    z.object({ natProductVersion: z.number().default(1), bandwidth: z.number().optional() }),
    resource,
  );
  if (natProductVersion === 2)
    return [unpriced("network", "NAT gateway, standard", "the price book has no price for it")];
  return [
    usage({
      what: "NAT gateway",
      category: "network",
      sku: "nat.small",
      quantity: exactly(HOURS_A_MONTH),
      ...(bandwidth === undefined ? {} : { assumed: "the smallest of the classic gateways" }),
    }),
  ];
};

/** Tiers of a month in which a server runs all the time: its first 96 hours, the next 264, the rest. */
const MEMORY_TIERS: readonly { readonly sku: string; readonly hours: number }[] = [
  { sku: "postgres.memory.tier1(0-96h)", hours: 96 },
  { sku: "postgres.memory.tier2(96-360h)", hours: 264 },
  { sku: "postgres.memory.tier3(>360h)", hours: HOURS_A_MONTH - 360 },
];

const databaseMeter: Meter = (resource) => {
  const { memory, storage, dbNodeSets } = read(
    z.object({ memory: z.number(), storage: z.number(), dbNodeSets: z.array(z.unknown()).optional() }),
    resource,
  );
  const nodes = dbNodeSets?.length ?? 1;
  const standby = nodes > 1 ? { assumed: "the price of an instance is for the primary and its standby together" } : {};
  const tiers = MEMORY_TIERS.map(
    ({ sku, hours }): Usage =>
      usage({
        what: `PostgreSQL, ${memory} GB of memory`,
        category: "database",
        sku,
        quantity: exactly(memory * hours),
        ...standby,
      }),
  );
  return [
    ...tiers,
    usage({
      what: "PostgreSQL storage",
      category: "database",
      sku: "postgres.storage",
      quantity: exactly(storage * HOURS_A_MONTH),
    }),
  ];
};

const bucketMeter: Meter = (resource, { isFirst, people }) =>
  isFirst(resource)
    ? [
        usage({
          what: "object storage, all buckets",
          category: "storage",
          sku: "cos.standard",
          quantity: assumed("objects", people),
          assumptions: ["objects"],
        }),
      ]
    : [free("counted with the first bucket")];

/** What Tencent Cloud rents; most of it has no price that could be read anywhere. */
export const tencentcloudMeters: Meters = {
  prefix: "tencentcloud:",
  meters: {
    "tencentcloud:index/bhResource:BhResource": noPrice("security", "bastion host, by month"),
    "tencentcloud:index/cbsSnapshotPolicy:CbsSnapshotPolicy": noPrice("storage", "snapshots of volumes"),
    "tencentcloud:index/cfwNatInstance:CfwNatInstance": noPrice("security", "NAT firewall of Cloud Firewall"),
    "tencentcloud:index/clbInstance:ClbInstance": loadBalancerMeter,
    "tencentcloud:index/clsTopic:ClsTopic": () => [
      usage({ what: "log topics", category: "observability", sku: "cls.ingest", quantity: exactly(1) }),
    ],
    "tencentcloud:index/cosBucket:CosBucket": bucketMeter,
    "tencentcloud:index/cwpLicenseOrder:CwpLicenseOrder": noPrice("security", "licenses of host security"),
    "tencentcloud:index/eip:Eip": noPrice("network", "public address and its traffic"),
    "tencentcloud:index/kmsKey:KmsKey": () => [
      usage({ what: "encryption keys", category: "security", sku: "kms.key", quantity: exactly(1) }),
    ],
    "tencentcloud:index/kubernetesCluster:KubernetesCluster": clusterMeter,
    "tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool": nodePoolMeter,
    "tencentcloud:index/natGateway:NatGateway": natMeter,
    "tencentcloud:index/postgresAuditService:PostgresAuditService": noPrice("database", "audit log of PostgreSQL"),
    "tencentcloud:index/postgresqlInstance:PostgresqlInstance": databaseMeter,
    "tencentcloud:index/privateDnsZone:PrivateDnsZone": noPrice("network", "private DNS zones"),
    "tencentcloud:index/tcrInstance:TcrInstance": noPrice("registry", "Container Registry, standard"),
  },
  free: TENCENTCLOUD_FREE,
};
