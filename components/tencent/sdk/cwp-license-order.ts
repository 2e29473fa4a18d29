// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link CwpLicenseOrder}. */
export interface CwpLicenseOrderArgs {
  readonly alias?: Input<string>;
  readonly licenseType?: Input<number>;
  readonly licenseNum?: Input<number>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_cwp_license_order` of the Terraform provider, with the arguments that the kit uses. */
export class CwpLicenseOrder extends CustomResource {
  constructor(name: string, args: CwpLicenseOrderArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/cwpLicenseOrder:CwpLicenseOrder", name, { ...args }, opts, false, tencentPackage());
  }
}
