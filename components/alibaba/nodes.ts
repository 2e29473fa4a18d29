import { refuse } from "@breakwater/runtime/problems";
import { NodePool as AckPool, type NodePoolArgs } from "@pulumi/alicloud/cs/nodePool.js";
import { RuntimeClass } from "@pulumi/kubernetes/node/v1/runtimeClass.js";
import { all, type Input, interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { NodePool } from "../demand.ts";
import { machineFor } from "../machines.ts";
import type { MachineType } from "../offer.ts";
import { isTainted, POOL_LABEL, poolLabels, poolPlacement } from "../pools.ts";
import { slow } from "../resource-options.ts";
import type { Bucket } from "./bucket.ts";
import type { Cluster } from "./cluster.ts";
import { type AlibabaContext, named } from "./context.ts";
import { GVISOR_FOLDER, gvisorUserData } from "./gvisor-node.ts";
import { RamRole, type Statement, useOfKey } from "./identity.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { alibabaOffer } from "./offer.ts";
import { provided } from "./provided.ts";

/** What {@link Nodes} needs. */
export interface NodesArgs {
  readonly context: AlibabaContext;
  readonly cluster: Cluster;
  readonly network: Network;
  readonly keys: Keys;
  readonly artifacts: Bucket;
  /** The border's deny rule, which nodes must not be older than. */
  readonly closed: readonly Resource[];
  /** Folder of public texts; left out: that of the repository. */
  readonly provided?: string;
}

/** Tag of nodes whose disks are backed up: those that cells, the vault and its audit logs are on. */
export const BACKUP_TAG = { key: "breakwater:backup", value: "daily" } as const;

const SYSTEM_DISK_GIB = 120;

/** Handler of ACK's own virtual machines, and the runtime by which its pools get it. */
const RUNV = { handler: "runv", runtimeName: "Sandboxed-Container.runv" };
const RUNSC = { handler: "runsc" };

/** RuntimeClass of sandboxes, by the isolation that the environment asks for. */
export const RUNTIME_CLASSES = { gvisor: "gvisor", kata: "breakwater-runv" } as const;

/**
 * A pool of nodes for each that the environment asks for, with the machine that fits it, and the RuntimeClass of sandboxes.
 * Nodes have no address of the internet, no password and no key to log in with; their disks are encrypted.
 *
 * Children: RamRole and NodePool for each pool, RuntimeClass. Cost: machines by the hour.
 * Checked by: test/unit/components/alibaba/nodes.test.ts.
 * @throws ProblemError `alibaba/no-machine`, `alibaba/not-provided`, `alibaba/malformed-sums`
 */
export class Nodes extends Component {
  constructor(name: string, args: NodesArgs, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:Nodes", name, opts);
    const { demand } = args.context;
    const pools = demand.pools.map((pool) => this.#pool(`${name}-${pool.name}`, pool, args));
    const { nodeSelector = {}, tolerations = [] } = poolPlacement("sandbox");
    const runtime = demand.sandboxIsolation === "kata" ? RUNV : RUNSC;
    new RuntimeClass(
      name,
      {
        metadata: { name: RUNTIME_CLASSES[demand.sandboxIsolation] },
        handler: runtime.handler,
        scheduling: { nodeSelector, tolerations: [...tolerations] },
      },
      { ...this.child(pools), provider: args.cluster.kubernetes },
    );
    this.registerOutputs();
  }

  #pool(name: string, pool: NodePool, args: NodesArgs): AckPool {
    const { context, cluster, network, keys, closed } = args;
    const role = new RamRole(
      name,
      {
        context,
        role: `node-${pool.name}`,
        says: `What nodes of pool ${pool.name} may do.`,
        trust: { service: "ecs.aliyuncs.com" },
        allows: rightsOf(pool, args),
      },
      { parent: this },
    );
    return new AckPool(
      name,
      {
        clusterId: cluster.cluster.id,
        nodePoolName: named(context, "nodePool", pool.name),
        vswitchIds: [...network.idsOf("nodes", context.zones)],
        multiAzPolicy: "BALANCE",
        ramRoleName: role.roleName,
        labels: Object.entries(poolLabels(pool)).map(([key, value]) => ({ key, value })),
        taints: isTainted(pool.role) ? [{ key: POOL_LABEL, value: pool.role, effect: "NoSchedule" }] : [],
        scalingConfig: {
          enable: true,
          minSize: pool.min,
          maxSize: pool.max,
          type: pool.gpu === undefined ? "cpu" : "gpu",
        },
        instanceMetadataOptions: { httpTokens: tokensOf(pool, context) },
        systemDiskCategory: "cloud_essd",
        systemDiskPerformanceLevel: "PL1",
        systemDiskSize: SYSTEM_DISK_GIB,
        systemDiskEncrypted: true,
        systemDiskEncryptAlgorithm: "aes-256",
        systemDiskKmsKey: keys.of("volumes").id,
        installCloudMonitor: true,
        management: {
          enable: true,
          autoRepair: true,
          autoVulFix: true,
          autoVulFixPolicy: { vulLevel: "asap", restartNode: false },
          maxUnavailable: 1,
        },
        tags: {
          ...context.tags,
          ...(pool.role === "gpu" || pool.role === "sandbox" ? {} : { [BACKUP_TAG.key]: BACKUP_TAG.value }),
        },
        ...machine(pool, context),
        ...runtimeOf(pool, args),
      },
      { ...slow(this.child([...closed])), ignoreChanges: ["desiredSize"] },
    );
  }
}

/** The smallest machine that fits; a sandbox pool under kata needs one that runs virtual machines. */
export function machineOf(pool: NodePool, context: AlibabaContext): MachineType {
  const { demand } = context;
  const virtualization = runsVirtualMachines(pool, context);
  const found = machineFor(pool, { offer: alibabaOffer, region: demand.region, virtualization });
  if (found !== undefined) return found;
  return refuse({
    code: "alibaba/no-machine",
    path: `pool ${pool.name}`,
    got: `${pool.vcpus} vCPUs, ${pool.memoryGiB} GiB${pool.gpu === undefined ? "" : `, ${pool.gpu.perNode} x ${pool.gpu.kind}`}`,
    expected: `what a machine type in ${demand.region} has`,
    remedy: "choose another region, a smaller size, or another kind of GPU",
  });
}

function machine(
  pool: NodePool,
  context: AlibabaContext,
): Pick<NodePoolArgs, "instanceTypes" | "imageType" | "socEnabled" | "securityHardeningOs"> {
  return {
    instanceTypes: [machineOf(pool, context).name],
    imageType: "AliyunLinux3",
    // Alibaba's own hardening, for level 3 of MLPS in the mainland; a pool takes one of the two. Both are for every node of
    // Alibaba Cloud Linux (@pulumi/alicloud 3.108.0, read 2026-12-01), those with GPUs too; ContainerOS takes no GPUs.
    ...(runsVirtualMachines(pool, context)
      ? {}
      : context.mainland
        ? { socEnabled: true }
        : { securityHardeningOs: true }),
  };
}

/** Whether ACK puts its own hypervisor on the nodes; of that and the hardening together no document was found. */
function runsVirtualMachines({ role }: NodePool, { demand }: AlibabaContext): boolean {
  return role === "sandbox" && demand.sandboxIsolation === "kata";
}

/** Asking for metadata takes a token, which no request that a pod is tricked into has. OpenBao's seal knows none. */
function tokensOf(pool: NodePool, { demand }: AlibabaContext): "required" | "optional" {
  return pool.role === "system" && demand.vaultUnseal === "kms" ? "optional" : "required";
}

/** What comes with a pool's nodes so that sandboxes have a kernel of their own. */
function runtimeOf(pool: NodePool, { context, artifacts, provided: folder }: NodesArgs): Partial<NodePoolArgs> {
  if (pool.role !== "sandbox") return { runtimeName: "containerd" };
  if (context.demand.sandboxIsolation === "kata") return { runtimeName: RUNV.runtimeName };
  const { region } = context.demand;
  const userData = all([artifacts.bucketName, provided("gvisor.sha512", folder)]).apply(([bucket, sums]) =>
    gvisorUserData({ bucket, region, sums }),
  );
  return { runtimeName: "containerd", userData };
}

/** A node's own rights. ACK's parts on it use credentials of their own. */
function rightsOf(pool: NodePool, { context, keys, artifacts }: NodesArgs): readonly Statement[] {
  if (pool.role === "system" && context.demand.vaultUnseal === "kms") return [useOfKey(keys.of("vault").arn)];
  if (pool.role !== "sandbox" || context.demand.sandboxIsolation === "kata") return [];
  const objects: Input<string> = interpolate`acs:oss:*:*:${artifacts.bucketName}/${GVISOR_FOLDER}/*`;
  return [
    { Effect: "Allow", Action: ["oss:GetObject"], Resource: [objects] },
    { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [keys.of("artifacts").arn] },
  ];
}
