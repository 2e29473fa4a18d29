import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { BackupPolicy } from "@pulumi/aws/efs/backupPolicy.js";
import { FileSystem } from "@pulumi/aws/efs/fileSystem.js";
import { FileSystemPolicy } from "@pulumi/aws/efs/fileSystemPolicy.js";
import { MountTarget } from "@pulumi/aws/efs/mountTarget.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { all } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import type { Cluster } from "./cluster.ts";
import { type AwsContext, backedUp, tagged } from "./context.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { document } from "./policies.ts";

/** StorageClass of volumes that one pod writes. */
export const VOLUME_CLASS = "breakwater-gp3";
/** StorageClass of volumes that replicas share. */
export const SHARED_CLASS = "breakwater-efs";

const NFS_PORT = 2049;

/** What storage needs. */
export interface StorageArgs {
  readonly network: Network;
  readonly keys: Keys;
  readonly cluster: Cluster;
  /** The drivers. */
  readonly after: readonly Resource[];
}

/**
 * Volumes of pods, encrypted with the customer's key: gp3 disks for one pod, a file system over three zones for several.
 * Volumes outlive the objects that asked for them.
 *
 * Children: two StorageClasses, `${name}` (FileSystem and its policy, backup policy, security group), MountTarget and
 * ingress rule for each zone. Cost: 0.08 USD a GB and month of gp3, 0.30 of the file system (us-east-1, 2024-07-01).
 * Checked by: test/unit/components/aws/data.test.ts.
 */
export class Storage extends Component {
  readonly files: FileSystem;

  constructor(name: string, context: AwsContext, args: StorageArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Storage", name, opts);
    this.files = this.#files(name, context, args);
    const labels = { "app.kubernetes.io/part-of": "breakwater" };
    const shared = { allowVolumeExpansion: true, reclaimPolicy: "Retain" };
    new StorageClass(
      `${name}-volumes`,
      {
        metadata: { name: VOLUME_CLASS, labels },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: args.keys.of("volumes").arn },
        // Where the pod runs decides the zone.
        volumeBindingMode: "WaitForFirstConsumer",
        ...shared,
      },
      this.child([...args.after]),
    );
    new StorageClass(
      `${name}-shared`,
      {
        metadata: { name: SHARED_CLASS, labels },
        provisioner: "efs.csi.aws.com",
        parameters: {
          provisioningMode: "efs-ap",
          fileSystemId: this.files.id,
          directoryPerms: "700",
          // A user of its own for each volume, so that no volume can be read as another.
          gidRangeStart: "10000",
          gidRangeEnd: "20000",
          basePath: "/volumes",
        },
        mountOptions: ["tls", "iam"],
        volumeBindingMode: "Immediate",
        ...shared,
      },
      this.child([...args.after]),
    );
    this.registerOutputs();
  }

  #files(name: string, context: AwsContext, { network, keys, cluster }: StorageArgs): FileSystem {
    const tags = tagged(context, `${context.demand.environment}-files`);
    const files = new FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: keys.of("volumes").arn,
        performanceMode: "generalPurpose",
        throughputMode: "elastic",
        tags: { ...tags, ...backedUp(context) },
      },
      kept(this.child()),
    );
    new FileSystemPolicy(
      name,
      {
        fileSystemId: files.id,
        policy: all([files.arn, context.account]).apply(([arn, account]) => fileRights(arn, account)),
        bypassPolicyLockoutSafetyCheck: false,
      },
      this.child(),
    );
    // The plan of this environment makes them, with its own vault and retention.
    new BackupPolicy(name, { fileSystemId: files.id, backupPolicy: { status: "DISABLED" } }, this.child());
    const group = new SecurityGroup(
      name,
      { vpcId: network.vpc.id, description: "File system: NFS from nodes and pods", tags },
      this.child(),
    );
    new SecurityGroupIngressRule(
      name,
      {
        securityGroupId: group.id,
        description: "NFS over TLS from the cluster",
        ipProtocol: "tcp",
        fromPort: NFS_PORT,
        toPort: NFS_PORT,
        referencedSecurityGroupId: cluster.securityGroupId,
        tags: { ...context.tags },
      },
      this.child(),
    );
    for (const { zone, subnet } of network.tier("data")) {
      const target = { fileSystemId: files.id, subnetId: subnet.id, securityGroups: [group.id] };
      new MountTarget(`${name}-${zone.zone}`, target, this.child());
    }
    return files;
  }
}

/** Mounting is for identities of this account (the nodes' own, which the driver uses), by access points and TLS only. */
export function fileRights(fileSystem: string, account: string): string {
  const mount = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];
  return document(
    {
      Sid: "ByMountTarget",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: mount,
      Resource: fileSystem,
      Condition: {
        StringEquals: { "aws:PrincipalAccount": account },
        Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
        StringLike: { "elasticfilesystem:AccessPointArn": "arn:*:elasticfilesystem:*:*:access-point/*" },
      },
    },
    {
      Sid: "OnlyTls",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "*",
      Resource: fileSystem,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
}
