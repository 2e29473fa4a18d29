import type { Input } from "@pulumi/pulumi/output.js";
import { ProviderResource, type ResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** What {@link Provider} is told. Credentials come from its environment (`TENCENTCLOUD_SECRET_ID`, `..._KEY`). */
export interface ProviderArgs {
  readonly region: Input<string>;
}

/** The provider of everything in one region. */
export class Provider extends ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: ResourceOptions) {
    super("tencentcloud", name, { ...args }, opts, false, tencentPackage());
  }
}
