// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link TcrVpcAttachment}. */
export interface TcrVpcAttachmentArgs {
  readonly instanceId: Input<string>;
  readonly vpcId: Input<string>;
  readonly subnetId: Input<string>;
  readonly enableVpcDomainDns?: Input<boolean>;
  readonly enablePublicDomainDns?: Input<boolean>;
}

/** `tencentcloud_tcr_vpc_attachment` of the Terraform provider, with the arguments that the kit uses. */
export class TcrVpcAttachment extends CustomResource {
  declare readonly accessIp: Output<string>;
  declare readonly status: Output<string>;

  constructor(name: string, args: TcrVpcAttachmentArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, accessIp: undefined, status: undefined };
    super("tencentcloud:index/tcrVpcAttachment:TcrVpcAttachment", name, inputs, opts, false, tencentPackage());
  }
}
