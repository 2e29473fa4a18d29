// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link RouteTableEntry}. */
export interface RouteTableEntryArgs {
  readonly routeTableId: Input<string>;
  readonly destinationCidrBlock: Input<string>;
  readonly nextType: Input<string>;
  readonly nextHub: Input<string>;
  readonly description?: Input<string>;
  readonly disabled?: Input<boolean>;
}

/** `tencentcloud_route_table_entry` of the Terraform provider, with the arguments that the kit uses. */
export class RouteTableEntry extends CustomResource {
  constructor(name: string, args: RouteTableEntryArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/routeTableEntry:RouteTableEntry", name, { ...args }, opts, false, tencentPackage());
  }
}
