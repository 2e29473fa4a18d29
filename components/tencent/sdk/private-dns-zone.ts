// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `vpc_set` of {@link PrivateDnsZoneArgs}. */
export interface PrivateDnsZoneVpcSet {
  readonly region: Input<string>;
  readonly uniqVpcId: Input<string>;
}

/** Arguments of {@link PrivateDnsZone}. */
export interface PrivateDnsZoneArgs {
  readonly domain: Input<string>;
  readonly vpcSets?: Input<readonly Input<PrivateDnsZoneVpcSet>[]>;
  readonly dnsForwardStatus?: Input<string>;
  readonly remark?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_private_dns_zone` of the Terraform provider, with the arguments that the kit uses. */
export class PrivateDnsZone extends CustomResource {
  constructor(name: string, args: PrivateDnsZoneArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/privateDnsZone:PrivateDnsZone", name, { ...args }, opts, false, tencentPackage());
  }
}
