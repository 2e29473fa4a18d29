// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CbsSnapshotPolicy}. */
export interface CbsSnapshotPolicyArgs {
  readonly snapshotPolicyName: Input<string>;
  readonly repeatHours: Input<readonly Input<number>[]>;
  readonly repeatWeekdays: Input<readonly Input<number>[]>;
  readonly retentionDays?: Input<number>;
}

/** `tencentcloud_cbs_snapshot_policy` of the Terraform provider, with the arguments that the kit uses. */
export class CbsSnapshotPolicy extends CustomResource {
  constructor(name: string, args: CbsSnapshotPolicyArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/cbsSnapshotPolicy:CbsSnapshotPolicy", name, { ...args }, opts, false, tencentPackage());
  }
}
