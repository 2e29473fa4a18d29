import { Tag } from "@pulumi/aws/autoscaling/tag.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import { all, type Input, output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { NodePool } from "../demand.ts";
import type { MachineType } from "../offer.ts";
import { isTainted, POOL_LABEL, poolLabels } from "../pools.ts";
import { slow } from "../resource-options.ts";
import { bottlerocketSettings } from "./bottlerocket-settings.ts";
import type { PrivateBucket } from "./buckets.ts";
import type { Cluster } from "./cluster.ts";
import { type AwsContext, named, tagged } from "./context.ts";
import { gvisorLock } from "./gvisor-lock.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { type NodeGroupPlan, nodeGroupsOf } from "./node-groups.ts";
import { type NodeImage, nodeImageOf } from "./node-image.ts";
import { nodeRole } from "./node-role.ts";
import { userData } from "./user-data.ts";

/** Disk of a node: images, logs, what sandboxes write. */
const DISK_GIB = 100;

/** Bottlerocket's own disk, which only holds the system; what Karpenter gives every image of it (its EC2NodeClass, read 2026-12-01). */
const SYSTEM_GIB = 4;

/** Disks of a node: by the name at which each image looks for them, with their GiB. */
const DISKS: Readonly<Record<NodeImage["system"], readonly (readonly [device: string, gib: number])[]>> = {
  "amazon-linux": [["/dev/xvda", DISK_GIB]],
  bottlerocket: [
    ["/dev/xvda", SYSTEM_GIB],
    ["/dev/xvdb", DISK_GIB],
  ],
};

/** What nodes need. */
export interface NodesArgs {
  readonly network: Network;
  readonly keys: Keys;
  readonly cluster: Cluster;
  readonly artifacts: PrivateBucket;
}

/**
 * The nodes of every pool: an image that cannot be written where nothing has to be installed, encrypted disks, no way from a pod to the node's credentials, and in each pool the labels and
 * taints by which pods find it. Pools whose pods have volumes are one group a zone, because a volume never leaves its zone.
 *
 * Children: Role with its policies, for each pool LaunchTemplate, for each group NodeGroup, for GPU groups the Tags that let
 * the autoscaler begin at none. Cost: the machines by the hour, and 0.08 USD a GB and month of disk (us-east-1, 2024-07-01).
 * Checked by: test/unit/components/aws/nodes.test.ts.
 */
export class Nodes extends Component {
  /** Every group: what needs nodes waits for them. */
  readonly groups: readonly NodeGroup[];

  constructor(
    name: string,
    context: AwsContext,
    args: NodesArgs & { readonly after: readonly Resource[] },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:aws:Nodes", name, opts);
    const { role, ready } = nodeRole(name, context, args.artifacts, this.child());
    const templates = new Map<string, LaunchTemplate>();
    this.groups = nodeGroupsOf(context.demand).map((plan) => {
      const { pool } = plan;
      const template = templates.get(pool.name) ?? this.#template(`${name}-${pool.name}`, context, args, plan);
      templates.set(pool.name, template);
      return this.#group(`${name}-${plan.name}`, context, {
        ...args,
        plan,
        role,
        template,
        after: [ready, ...args.after],
      });
    });
    this.registerOutputs();
  }

  #template(name: string, context: AwsContext, args: NodesArgs, { pool, machine }: NodeGroupPlan): LaunchTemplate {
    const label = named(context, "launchTemplate", pool.name);
    const tags = tagged(context, label);
    const kata = needsVirtualMachines(pool, context);
    return new LaunchTemplate(
      name,
      {
        name: label,
        updateDefaultVersion: true,
        // One hop: from the node itself, never from a pod.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        blockDeviceMappings: DISKS[nodeImageOf(pool).system].map(([deviceName, volumeSize]) => ({
          deviceName,
          ebs: {
            encrypted: "true",
            kmsKeyId: args.keys.of("volumes").arn,
            volumeType: "gp3",
            volumeSize,
            deleteOnTermination: "true",
          },
        })),
        ...(kata && !machine.name.includes("metal") ? { cpuOptions: { nestedVirtualization: "enabled" } } : {}),
        monitoring: { enabled: true },
        userData: userDataOf(context, args, { pool, machine }),
        tagSpecifications: [
          { resourceType: "instance", tags },
          { resourceType: "volume", tags },
        ],
        tags,
      },
      this.child(),
    );
  }

  #group(
    name: string,
    context: AwsContext,
    args: NodesArgs & {
      readonly plan: NodeGroupPlan;
      readonly role: Role;
      readonly template: LaunchTemplate;
      readonly after: readonly Resource[];
    },
  ): NodeGroup {
    const { plan, template, cluster, network } = args;
    const { pool, machine } = plan;
    const subnets = network.tier("nodes").filter(({ zone }) => plan.zones.includes(zone.zone));
    const group = new NodeGroup(
      name,
      {
        clusterName: cluster.eks.name,
        nodeGroupName: named(context, "nodeGroup", plan.name),
        nodeRoleArn: args.role.arn,
        subnetIds: subnets.map(({ subnet }) => subnet.id),
        amiType: nodeImageOf(pool).amiType,
        instanceTypes: [machine.name],
        capacityType: "ON_DEMAND",
        scalingConfig: { minSize: plan.min, desiredSize: plan.min, maxSize: plan.max },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        labels: nodeLabels(pool),
        taints: isTainted(pool.role) ? [{ key: POOL_LABEL, value: pool.role, effect: "NO_SCHEDULE" }] : [],
        tags: tagged(context, named(context, "nodeGroup", plan.name)),
      },
      // The autoscaler sets how many there are.
      { ...slow(this.child([...args.after])), ignoreChanges: ["scalingConfig.desiredSize"] },
    );
    if (pool.gpu !== undefined) this.#scaleFromNone(name, pool, group);
    return group;
  }

  /** What a node would be like, for the autoscaler that sees none. */
  #scaleFromNone(name: string, pool: NodePool, group: NodeGroup): void {
    const { role, gpu } = pool;
    const prefix = "k8s.io/cluster-autoscaler/node-template";
    const labels = Object.entries(nodeLabels(pool)).map(
      ([label, value]) => [label.replace(/.*\//, ""), [`${prefix}/label/${label}`, value]] as const,
    );
    const hints = {
      ...Object.fromEntries(labels),
      taint: [`${prefix}/taint/${POOL_LABEL}`, `${role}:NoSchedule`],
      gpus: [`${prefix}/resources/nvidia.com/gpu`, String(gpu?.perNode ?? 0)],
    } satisfies Readonly<Record<string, readonly [string, string]>>;
    const autoscalingGroupName = group.resources.apply((made) => made[0]?.autoscalingGroups[0]?.name ?? "");
    for (const [hint, [key, value]] of Object.entries(hints)) {
      const tag = { key, value, propagateAtLaunch: false };
      new Tag(`${name}-${hint}`, { autoscalingGroupName, tag }, this.child());
    }
  }
}

/** By which pods find the node, and by which NVIDIA's manager cuts its GPUs. */
function nodeLabels(pool: NodePool): Record<string, string> {
  const profile = pool.gpu?.migProfile;
  return { ...poolLabels(pool), ...(profile === undefined ? {} : { "nvidia.com/mig.config": `all-${profile}` }) };
}

function needsVirtualMachines({ role }: NodePool, { demand }: AwsContext): boolean {
  return role === "sandbox" && demand.sandboxIsolation === "kata";
}

function userDataOf(
  { demand }: AwsContext,
  { artifacts }: NodesArgs,
  { pool, machine }: { readonly pool: NodePool; readonly machine: MachineType },
): Input<string> {
  const { podsMax: maxPods } = machine;
  if (nodeImageOf(pool).system === "bottlerocket") return bottlerocketSettings({ maxPods });
  if (pool.role !== "sandbox" || demand.sandboxIsolation !== "gvisor") return userData({ maxPods });
  return all([output(gvisorLock()), artifacts.bucket.bucket]).apply(([lock, bucket]) =>
    userData({ maxPods, gvisor: { lock, bucket, region: demand.region } }),
  );
}
