// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link PrivateDnsRecord}. */
export interface PrivateDnsRecordArgs {
  readonly zoneId: Input<string>;
  readonly recordType: Input<string>;
  readonly subDomain: Input<string>;
  readonly recordValue: Input<string>;
  readonly ttl?: Input<number>;
}

/** `tencentcloud_private_dns_record` of the Terraform provider, with the arguments that the kit uses. */
export class PrivateDnsRecord extends CustomResource {
  constructor(name: string, args: PrivateDnsRecordArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/privateDnsRecord:PrivateDnsRecord", name, { ...args }, opts, false, tencentPackage());
  }
}
