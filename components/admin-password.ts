import type { Output } from "@pulumi/pulumi/output.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import resource from "@pulumi/pulumi/resource.js";
import { PLUGIN_VERSION } from "./plugin-version.ts";

/**
 * A random password for an account that a cloud's API demands at creation: 32 characters of `A-Za-z0-9`, made once by the
 * plugin. The engine's state holds it encrypted; what is made with it replaces it at once, so that it opens nothing.
 *
 * Children: none. Cost: none.
 */
export class AdminPassword extends resource.CustomResource {
  /** Secret. */
  declare readonly password: Output<string>;

  constructor(name: string, opts?: CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["password"] };
    super(
      "breakwater:index:AdminPassword",
      name,
      { password: undefined },
      { version: PLUGIN_VERSION, ...secret, ...opts },
    );
  }
}
