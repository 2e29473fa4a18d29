import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { named, type TencentContext } from "./context.ts";
import { CbsSnapshotPolicy } from "./sdk/cbs-snapshot-policy.ts";

/** Every day, at an hour of the night in China, in its own time. */
const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const HOUR = 3;

/**
 * Snapshots of cells' disks every night, kept as long as the database's backups. Disks come under it by their
 * StorageClass (storage.ts). The database has its own plan (database.ts), and buckets keep every version.
 *
 * Children: `${name}` (CbsSnapshotPolicy). Cost: snapshots by GiB and month, price not known here.
 * Checked by: test/unit/components/tencent/storage.test.ts.
 */
export class Backup extends Component {
  /** Identifier of the policy. */
  readonly policy: Output<string>;

  constructor(name: string, context: TencentContext, opts?: ComponentResourceOptions) {
    super("breakwater:tencent:Backup", name, opts);
    const policy = new CbsSnapshotPolicy(
      name,
      {
        snapshotPolicyName: named(context, "snapshotPolicy", "cells"),
        repeatWeekdays: [...WEEKDAYS],
        repeatHours: [HOUR],
        retentionDays: context.demand.database.backupDays,
      },
      kept(this.child()),
    );
    this.policy = policy.id;
    this.registerOutputs();
  }
}
