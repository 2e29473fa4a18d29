// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link Vpc}. */
export interface VpcArgs {
  readonly name: Input<string>;
  readonly cidrBlock: Input<string>;
  readonly dnsServers?: Input<readonly Input<string>[]>;
  readonly isMulticast?: Input<boolean>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_vpc` of the Terraform provider, with the arguments that the kit uses. */
export class Vpc extends CustomResource {
  constructor(name: string, args: VpcArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/vpc:Vpc", name, { ...args }, opts, false, tencentPackage());
  }
}
