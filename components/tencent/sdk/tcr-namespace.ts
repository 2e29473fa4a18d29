// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link TcrNamespace}. */
export interface TcrNamespaceArgs {
  readonly instanceId: Input<string>;
  readonly name: Input<string>;
  readonly isPublic?: Input<boolean>;
  readonly isAutoScan?: Input<boolean>;
  readonly isPreventVul?: Input<boolean>;
  readonly severity?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_tcr_namespace` of the Terraform provider, with the arguments that the kit uses. */
export class TcrNamespace extends CustomResource {
  constructor(name: string, args: TcrNamespaceArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/tcrNamespace:TcrNamespace", name, { ...args }, opts, false, tencentPackage());
  }
}
