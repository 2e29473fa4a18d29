// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link RouteTable}. */
export interface RouteTableArgs {
  readonly name: Input<string>;
  readonly vpcId: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_route_table` of the Terraform provider, with the arguments that the kit uses. */
export class RouteTable extends CustomResource {
  constructor(name: string, args: RouteTableArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/routeTable:RouteTable", name, { ...args }, opts, false, tencentPackage());
  }
}
