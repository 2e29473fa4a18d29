import { refuse } from "@breakwater/runtime/problems";
import { all, type Input } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { NodePool } from "../demand.ts";
import { machineFor } from "../machines.ts";
import type { MachineType } from "../offer.ts";
import { isTainted, POOL_LABEL, poolLabels } from "../pools.ts";
import type { ArtifactBucket } from "./buckets.ts";
import type { Cluster } from "./cluster.ts";
import { named, slow, type TencentContext } from "./context.ts";
import { CONFIGURE_SCRIPT, fetchScript } from "./gvisor.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { tencentOffer } from "./offer.ts";
import {
  KubernetesNativeNodePool,
  type KubernetesNativeNodePoolNative,
  type KubernetesNativeNodePoolNativeLifecycle,
  type KubernetesNativeNodePoolTaints,
} from "./sdk/kubernetes-native-node-pool.ts";

/** Room for images and logs. */
const SYSTEM_DISK_GIB = 100;
/** Model servers' images alone are tens of GiB. */
const GPU_SYSTEM_DISK_GIB = 500;

/** What the pools of nodes are made with. */
export interface NodesArgs {
  readonly cluster: Cluster;
  readonly network: Network;
  readonly keys: Keys;
  readonly artifacts: ArtifactBucket;
  /** What gVisor's files must hash to, in the form of `sha512sum`. */
  readonly sums: Input<string>;
}

/** Nodes that scale together. */
interface NodeGroup {
  readonly pool: NodePool;
  /** Part of its name: the pool's, with the zone where there is one group for each. */
  readonly key: string;
  /** Places of its zones among the environment's three. */
  readonly zones: readonly (0 | 1 | 2)[];
  readonly min: number;
  readonly max: number;
}

/**
 * One group for each zone where pods have disks, because a disk never leaves its zone and the autoscaler adds nodes to a
 * group, not to a zone; one over all zones for the others.
 */
export function groupsOf(pool: NodePool, zones: readonly [string, string, string]): readonly NodeGroup[] {
  const { name, role, min, max } = pool;
  if (role !== "system" && role !== "agents") return [{ pool, key: name, zones: [0, 1, 2], min, max }];
  const share = { min: Math.ceil(min / zones.length), max: Math.ceil(max / zones.length) };
  return ([0, 1, 2] as const).map((zone) => ({ pool, key: `${name}-${zones[zone]}`, zones: [zone], ...share }));
}

/**
 * Native node pools, one for each kind of work, over three zones: encrypted system disks, repair and scaling by TKE, no
 * address of the internet, no key to log in with. GPU pools begin at no node at all. Only sandboxes' nodes get gVisor.
 *
 * Children: `${name}-<pool>`, with disks `${name}-<pool>-<zone>` (KubernetesNativeNodePool). Cost: machines by the hour, prices not known here; disks.
 * Checked by: test/unit/components/tencent/nodes.test.ts.
 * @throws ProblemError `tencent/no-machine`, at preview.
 */
export class Nodes extends Component {
  /** Pools that always have nodes: what else must wait for them. */
  readonly running: readonly Resource[];

  constructor(name: string, context: TencentContext, args: NodesArgs, opts?: ComponentResourceOptions) {
    super("breakwater:tencent:Nodes", name, opts);
    const groups = context.demand.pools.flatMap((pool) => groupsOf(pool, context.zones));
    const made = groups.map((group) => ({ group, resource: this.#group(name, context, group, args) }));
    this.running = made.filter(({ group }) => group.min > 0).map(({ resource }) => resource);
    this.registerOutputs();
  }

  #group(name: string, context: TencentContext, group: NodeGroup, args: NodesArgs): Resource {
    const { pool, key } = group;
    return new KubernetesNativeNodePool(
      `${name}-${key}`,
      {
        clusterId: args.cluster.id,
        name: named(context, "pool", key),
        type: "Native",
        native: nativeOf(context, group, args),
        labels: Object.entries(poolLabels(pool)).map(([label, value]) => ({ name: label, value })),
        taints: taintsOf(pool),
        tags: [{ resourceType: "machine", tags: Object.entries(context.tags).map(([key, value]) => ({ key, value })) }],
        deletionProtection: true,
        unschedulable: false,
      },
      slow(this.child([args.cluster.encrypted, args.artifacts])),
    );
  }
}

function nativeOf(context: TencentContext, group: NodeGroup, args: NodesArgs): KubernetesNativeNodePoolNative {
  const { keys, network } = args;
  const { pool, zones, min, max } = group;
  const subnets = network.subnets("nodes");
  return {
    instanceChargeType: "POSTPAID_BY_HOUR",
    // Machines with GPUs are sold as virtual machines only.
    machineType: pool.role === "gpu" ? "NativeCVM" : "Native",
    instanceTypes: [machineOf(context, pool).name],
    subnetIds: zones.map((zone) => subnets[zone]),
    securityGroupIds: [network.groups.nodes],
    systemDisk: {
      diskType: "CLOUD_HSSD",
      diskSize: pool.role === "gpu" ? GPU_SYSTEM_DISK_GIB : SYSTEM_DISK_GIB,
      encrypt: "ENCRYPT",
      kmsKeyId: keys.of("disks"),
    },
    enableAutoscaling: true,
    autoRepair: true,
    scaling: { minReplicas: min, maxReplicas: max, createPolicy: "ZoneEquality" },
    ...(pool.role === "sandbox" ? { lifecycle: lifecycleOf(args) } : {}),
  };
}

function lifecycleOf({ artifacts, sums }: NodesArgs): KubernetesNativeNodePoolNativeLifecycle {
  const preInit = all([artifacts.address, sums]).apply(([from, text]) => fetchScript(from, text));
  return { preInit, postInit: CONFIGURE_SCRIPT };
}

function machineOf({ demand }: TencentContext, pool: NodePool): MachineType {
  const virtualization = pool.role === "sandbox" && demand.sandboxIsolation === "kata";
  const machine = machineFor(pool, { offer: tencentOffer, region: demand.region, virtualization });
  if (machine !== undefined) return machine;
  const gpus = pool.gpu === undefined ? "" : `, ${pool.gpu.perNode} ${pool.gpu.kind}`;
  return refuse({
    code: "tencent/no-machine",
    path: `pool ${pool.name}`,
    got: `${pool.vcpus} vCPUs, ${pool.memoryGiB} GiB${gpus}${virtualization ? ", virtual machines" : ""}`,
    expected: `a machine that is sold in ${demand.region}`,
    remedy: "choose a smaller size, another GPU or another isolation",
  });
}

function taintsOf({ role }: NodePool): readonly KubernetesNativeNodePoolTaints[] {
  return isTainted(role) ? [{ key: POOL_LABEL, value: role, effect: "NoSchedule" }] : [];
}
