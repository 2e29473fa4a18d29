import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { subnetsOf } from "../subnets.ts";
import type { Backup } from "./backup.ts";
import { named, type TencentContext } from "./context.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { CfsAccessGroup } from "./sdk/cfs-access-group.ts";
import { CfsAccessRule } from "./sdk/cfs-access-rule.ts";

/** StorageClass of volumes that one pod writes. */
export const DISK_CLASS = "breakwater-disk";
/** StorageClass of volumes that several pods write. */
export const SHARED_CLASS = "breakwater-shared";

/**
 * StorageClasses: encrypted cloud disks under the nightly snapshots, and file systems that only the nodes' subnets can
 * mount. Volumes outlive their claims.
 *
 * File systems of CFS are encrypted by the service or not at all: neither its driver nor the Terraform provider takes a
 * key. What lies on them are audit records, which are chained, and shipped to the bucket with the company's key.
 *
 * Children: `${name}-disk`, `${name}-shared` (StorageClass), `${name}` (CfsAccessGroup), `${name}-<zone>` (CfsAccessRule).
 * Cost: disks 1 CNY, file systems by GiB and month (from memory, unverified).
 * Checked by: test/unit/components/tencent/storage.test.ts.
 */
export class Storage extends Component {
  constructor(
    name: string,
    context: TencentContext,
    { network, keys, backup }: { readonly network: Network; readonly keys: Keys; readonly backup: Backup },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:Storage", name, opts);
    new StorageClass(
      `${name}-disk`,
      {
        metadata: { name: DISK_CLASS },
        provisioner: "com.tencent.cloud.csi.cbs",
        parameters: {
          diskType: "CLOUD_HSSD",
          diskChargeType: "POSTPAID_BY_HOUR",
          encrypt: "ENCRYPT",
          kmsKeyId: keys.of("disks"),
          aspid: backup.policy,
        },
        reclaimPolicy: "Retain",
        allowVolumeExpansion: true,
        // A disk is of one zone: the pod chooses it.
        volumeBindingMode: "WaitForFirstConsumer",
      },
      kept(this.child()),
    );
    const group = this.#group(name, context);
    new StorageClass(
      `${name}-shared`,
      {
        metadata: { name: SHARED_CLASS },
        provisioner: "com.tencent.cloud.csi.cfs",
        parameters: {
          vpcid: network.vpc,
          subnetid: network.subnets("data")[0],
          zone: context.zones[0],
          pgroupid: group.id,
          storagetype: "SD",
          vers: "4",
        },
        reclaimPolicy: "Retain",
        volumeBindingMode: "Immediate",
      },
      kept(this.child()),
    );
    this.registerOutputs();
  }

  /** Who may mount: the nodes' subnets and nobody else. */
  #group(name: string, context: TencentContext): CfsAccessGroup {
    const group = new CfsAccessGroup(
      name,
      { name: named(context, "fileSystem", "shared"), description: "Breakwater: nodes" },
      kept(this.child()),
    );
    const ranges = subnetsOf(context.demand.network.cidr);
    context.zones.forEach((zone, index) => {
      new CfsAccessRule(
        `${name}-${zone}`,
        {
          accessGroupId: group.id,
          authClientIp: ranges[index]?.nodes ?? "",
          priority: index + 1,
          rwPermission: "RW",
          // The driver makes each volume's folder as root.
          userPermission: "no_root_squash",
        },
        this.child(),
      );
    });
    return group;
  }
}
