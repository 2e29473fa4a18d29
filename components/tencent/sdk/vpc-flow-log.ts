// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link VpcFlowLog}. */
export interface VpcFlowLogArgs {
  readonly flowLogName: Input<string>;
  readonly resourceType: Input<string>;
  readonly resourceId: Input<string>;
  readonly trafficType: Input<string>;
  readonly vpcId?: Input<string>;
  readonly storageType?: Input<string>;
  readonly cloudLogId?: Input<string>;
  readonly cloudLogRegion?: Input<string>;
  readonly flowLogDescription?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_vpc_flow_log` of the Terraform provider, with the arguments that the kit uses. */
export class VpcFlowLog extends CustomResource {
  constructor(name: string, args: VpcFlowLogArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/vpcFlowLog:VpcFlowLog", name, { ...args }, opts, false, tencentPackage());
  }
}
