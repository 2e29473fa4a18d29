import { AccessGroup } from "@pulumi/alicloud/nas/accessGroup.js";
import { AccessRule } from "@pulumi/alicloud/nas/accessRule.js";
import { FileSystem } from "@pulumi/alicloud/nas/fileSystem.js";
import { MountTarget } from "@pulumi/alicloud/nas/mountTarget.js";
import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { type Input, interpolate, type Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { Bucket } from "./bucket.ts";
import { type AlibabaContext, named } from "./context.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";

/** StorageClass of volumes that one pod writes. */
export const STORAGE_CLASS = "breakwater-disk";
/** StorageClass of volumes that replicas share. */
export const SHARED_STORAGE_CLASS = "breakwater-shared";

/** The smallest that an extreme file system can be. */
const SHARED_GIB = 100;

/** What {@link Storage} needs. */
export interface StorageArgs {
  readonly context: AlibabaContext;
  readonly network: Network;
  readonly keys: Keys;
}

/**
 * What outlives nodes: the audit bucket that nobody can empty, the bucket of what nodes are made of, and the file system
 * that replicas share. The file system is an "extreme" one, because only that kind takes a customer key.
 *
 * Children: two Buckets, FileSystem, AccessGroup, AccessRule for each zone's nodes, MountTarget.
 * Cost: storage; 100 GiB of shared files at least. Checked by: test/unit/components/alibaba/storage.test.ts.
 */
export class Storage extends Component {
  readonly audit: Bucket;
  readonly artifacts: Bucket;
  readonly files: FileSystem;
  /** Where the shared file system answers. */
  readonly #mount: MountTarget;

  constructor(name: string, args: StorageArgs, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:Storage", name, opts);
    const { context, network, keys } = args;
    this.audit = new Bucket(
      `${name}-audit`,
      {
        context,
        role: "audit",
        keyId: keys.of("audit").id,
        lockedDays: context.demand.auditRetentionDays,
        readFrom: network.vpc.id,
      },
      { parent: this },
    );
    this.artifacts = new Bucket(
      `${name}-artifacts`,
      { context, role: "artifacts", keyId: keys.of("artifacts").id, readFrom: network.vpc.id },
      { parent: this },
    );
    this.files = new FileSystem(
      name,
      {
        description: named(context, "fileSystem", "shared"),
        fileSystemType: "extreme",
        storageType: "standard",
        protocolType: "NFS",
        capacity: SHARED_GIB,
        zoneId: context.zones[0].zone,
        encryptType: 2,
        kmsKeyId: keys.of("volumes").id,
        tags: context.tags,
      },
      kept(this.child()),
    );
    this.#mount = this.#mounted(name, args);
    this.registerOutputs();
  }

  /** Makes the classes of volumes in the cluster. */
  classes(name: string, args: { readonly keyId: Input<string> }, opts: ComponentResourceOptions): readonly Resource[] {
    const disk = { ...diskClass(args.keyId), metadata: { name: STORAGE_CLASS } };
    const shared = { ...sharedClass(this.#mount.id), metadata: { name: SHARED_STORAGE_CLASS } };
    return [new StorageClass(`${name}-disk`, disk, opts), new StorageClass(`${name}-shared`, shared, opts)];
  }

  #mounted(name: string, { context, network }: StorageArgs): MountTarget {
    const group = new AccessGroup(
      name,
      {
        accessGroupName: named(context, "accessGroup", "nodes"),
        accessGroupType: "Vpc",
        fileSystemType: "extreme",
        description: "The vSwitches of the nodes.",
      },
      this.child(),
    );
    const rules = context.zones.map(
      (zone) =>
        new AccessRule(
          `${name}-${zone.zone}`,
          {
            accessGroupName: group.accessGroupName,
            fileSystemType: "extreme",
            sourceCidrIp: zone.nodes,
            rwAccessType: "RDWR",
            // CSI makes a folder for each volume and gives it to the pod's group, which root alone can.
            userAccessType: "no_squash",
            priority: 1,
          },
          this.child(),
        ),
    );
    return new MountTarget(
      name,
      {
        fileSystemId: this.files.id,
        accessGroupName: group.accessGroupName,
        networkType: "Vpc",
        vpcId: network.vpc.id,
        vswitchId: network.switchOf("data", context.zones[0]).id,
        status: "Active",
      },
      this.child([...rules]),
    );
  }
}

/** ESSD of the level that can be as small as a cell's volume, encrypted, where its pod is, kept when its claim goes. */
function diskClass(kmsKeyId: Input<string>) {
  return {
    provisioner: "diskplugin.csi.alibabacloud.com",
    parameters: { type: "cloud_essd", performanceLevel: "PL0", encrypted: "true", kmsKeyId },
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}

/** A folder of the shared file system for each volume. The id of a mount target is `<file system>:<its host>`. */
function sharedClass(mount: Output<string>) {
  const host = mount.apply((id) => id.split(":").at(-1) ?? id);
  return {
    provisioner: "nasplugin.csi.alibabacloud.com",
    parameters: { volumeAs: "subpath", server: interpolate`${host}:/share`, archiveOnDelete: "true" },
    mountOptions: ["vers=3", "nolock", "proto=tcp", "noresvport", "hard"],
    reclaimPolicy: "Retain",
    volumeBindingMode: "Immediate",
  };
}
